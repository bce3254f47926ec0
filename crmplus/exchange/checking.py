"""The check of a file's rows: each read, parsed and held against the rules before anything is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from crmplus.exchange.customer_rows import CustomerRows
from crmplus.exchange.fields import Kind
from crmplus.exchange.lead_rows import LeadRows
from crmplus.exchange.lines import Line
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.problems import OTHER_DETAILS, TOTALS, BadRow, Problem
from crmplus.exchange.row_cells import CellReader
from crmplus.exchange.totals import is_total


@dataclass(slots=True)
class RowChecker:
    """Turns lines of a file into rows of customers and leads, or says why not."""

    mapping: ImportMapping
    cells: CellReader
    customers: CustomerRows
    leads: LeadRows
    on_problem: Callable[[Problem], None]
    row_count: int = 0
    bad_count: int = 0
    broken: set[str] = field(default_factory=set)
    """The keys of leads with a bad row in their history."""

    def check(self, lines: Iterable[Line]) -> None:
        """Every line, in order; what is good goes to the files, what is not to `on_problem`."""
        for line in lines:
            self.row_count += 1
            self.cells.line = line.number
            if is_total(line.values, self.cells.width):
                self.customers.notes.add(TOTALS, line.number)
                continue
            try:
                self._row(line)
            except BadRow as bad:
                self.bad_count += 1
                self._report(bad, line)

    def _row(self, line: Line) -> None:
        cells = self.cells.read(line.values)
        customer = self.customers.read(cells, line.number)
        if self.mapping.kind is not Kind.CUSTOMERS:
            lead = self.leads.read(cells, customer.key, line.number)
            earlier = self.customers.add(customer, line.number)
            if earlier != line.number and self.customers.says_otherwise(customer):
                self.customers.notes.add(OTHER_DETAILS, line.number)
            self.leads.add(lead)
            return
        earlier = self.customers.add(customer, line.number)
        if earlier != line.number:
            self.customers.add_again(customer, line.number, earlier)
        elif self.mapping.starts_leads and customer.draft.is_active:
            self.leads.add_first(customer.draft, customer.key, line.number)

    def _report(self, bad: BadRow, line: Line) -> None:
        if self.mapping.kind is Kind.HISTORY:
            place, _ = self.cells.columns["lead_id"]
            self.broken.add("x:" + "".join(line.values[place : place + 1]).strip())
        for key, message in bad.problems.items():
            place, column = self.cells.columns.get(key, (-1, ""))
            value = line.values[place] if 0 <= place < len(line.values) else ""
            self.on_problem(Problem(line.number, column, value, message))
