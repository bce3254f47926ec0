"""Links to call and to write: what was typed never becomes more than a number or an address."""

import pytest

from crmplus.ui.reach import mailto, tel


@pytest.mark.parametrize(
    "phone, address",
    [
        ("020-1234567", "tel:0201234567"),
        ("(020) 123 45 67", "tel:0201234567"),
        ("+31 (0)20-123", "tel:+3120123"),
        ("+31(0)6 12.34.56.78", "tel:+31612345678"),
        ("0031 (0)20 123 4567", "tel:0031201234567"),
        ("(0)20 123", "tel:020123"),
        ("+ 31 20 123", "tel:+3120123"),
        ("+31 20 123\u00a045\u201167", "tel:+31201234567"),
        ("030/1234567", "tel:0301234567"),
        ("Tel. 020 123 4567 ext 12", "tel:0201234567"),
        ("020 123 4567 / 06 12345678", "tel:0201234567"),
        ("112", "tel:112"),
        ("12", ""),
        ("", ""),
        ("by e-mail only", ""),
        ("javascript:alert(1)", ""),
        ("020 123;phone-context=evil", "tel:020123"),
        ('020 123" onclick="x', "tel:020123"),
        ("٠٢٠١٢٣٤", ""),
    ],
)
def test_a_phone_number_becomes_digits_to_call_and_no_more(phone: str, address: str) -> None:
    assert tel(phone) == address


@pytest.mark.parametrize(
    "email, address",
    [
        ("ann@example.com", "mailto:ann@example.com"),
        ("ann+x@example.com", "mailto:ann%2Bx@example.com"),
        ("a?bcc=eve&subject=x@example.com", "mailto:a%3Fbcc%3Deve%26subject%3Dx@example.com"),
        ("a,b;c@example.com", "mailto:a%2Cb%3Bc@example.com"),
        ("ann@example.com?cc=eve@example.com", ""),
        ("ann%0Abcc@example.com", "mailto:ann%250Abcc@example.com"),
        ('"><script>@example.com', "mailto:%22%3E%3Cscript%3E@example.com"),
        ("zoë@bücher.example", "mailto:zo%C3%AB@b%C3%BCcher.example"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_e_mail_address_adds_nothing_to_a_letter(email: str, address: str) -> None:
    assert mailto(email) == address
