"""The check of a file's rows: each read, parsed and held against the rules before anything is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crmplus.exchange.customer_rows import CustomerRows
from crmplus.exchange.fields import Kind
from crmplus.exchange.lead_rows import LeadRows
from crmplus.exchange.lines import Line
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.problems import BadRow, Problem
from crmplus.exchange.row_cells import CellReader


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

    def check(self, lines: Iterable[Line]) -> None:
        """Every line, in order; what is good goes to the files, what is not to `on_problem`."""
        for line in lines:
            self.row_count += 1
            self.cells.line = line.number
            try:
                self._row(line)
            except BadRow as bad:
                self.bad_count += 1
                self._report(bad, line)

    def _row(self, line: Line) -> None:
        cells = self.cells.read(line.values)
        customer, key = self.customers.read(cells, line.number)
        if self.mapping.kind is not Kind.CUSTOMERS:
            lead = self.leads.read(cells, key, line.number)
            self.customers.add(customer, key, line.number)
            self.leads.add(lead)
            return
        earlier = self.customers.add(customer, key, line.number)
        if earlier != line.number:
            self.customers.add_again(customer, key, line.number, earlier)
        elif self.mapping.starts_leads and customer.is_active:
            self.leads.add_first(customer, key, line.number)

    def _report(self, bad: BadRow, line: Line) -> None:
        for key, message in bad.problems.items():
            place, column = self.cells.columns.get(key, (-1, ""))
            value = line.values[place] if 0 <= place < len(line.values) else ""
            self.on_problem(Problem(line.number, column, value, message))
