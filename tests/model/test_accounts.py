"""Cost lines by hand: rates, changes of rates, payments, and who bears what."""

from __future__ import annotations

import numpy as np
from ripieno.agents.books import Books
from ripieno.agents.quantity import Units, quantity
from ripieno.model.accounts import Accounts, CostLine


class Shelf(Books):
    """A holder of stock and orders."""

    runs = 2
    stock: Units = quantity("stock", unit="units", tally="total")
    ordered: Units = quantity("ordered", unit="units", tally=("spread", "count"))

    def note(self, stock: float, ordered: float) -> None:
        """Let a period pass; the second run has twice the stock."""
        self.stock, self.ordered = np.array([[stock, 2 * stock]]), np.array([[ordered, 0.0]])
        self.account()


def shelf() -> Shelf:
    holder = Shelf()
    holder.stock = holder.ordered = np.zeros((1, 2))
    holder.open_books()
    return holder


def test_a_line_is_rate_times_quantity() -> None:
    holder = shelf()
    line = CostLine("holding", "A", "A", 0.5, holder, "stock")
    holder.note(4.0, 0.0)
    holder.note(6.0, 0.0)
    assert line.money().tolist() == [5.0, 10.0]
    assert line.money_now().tolist() == [3.0, 6.0]


def test_a_fixed_cost_is_paid_once_for_each_order() -> None:
    holder = shelf()
    line = CostLine("ordering", "A", "A", 7.0, holder, "ordered", counts=True)
    for ordered in (5.0, 0.0, 1.0):
        holder.note(0.0, ordered)
    assert line.money().tolist() == [14.0, 0.0]


def test_a_change_of_rate_counts_from_then_on() -> None:
    holder = shelf()
    line = CostLine("holding", "A", "A", 0.5, holder, "stock")
    holder.note(4.0, 0.0)
    line.change_rate(2.0)
    holder.note(6.0, 0.0)
    assert line.money().tolist() == [14.0, 28.0]
    line.change_rate(np.array([0.0, 1.0]))
    holder.note(1.0, 0.0)
    assert line.money().tolist() == [14.0, 30.0]


def test_the_warm_up_is_forgotten_with_its_changes() -> None:
    holder = shelf()
    line = CostLine("holding", "A", "A", 0.5, holder, "stock")
    accounts = Accounts([line], 2)
    holder.note(4.0, 0.0)
    line.change_rate(2.0)
    holder.close_warm_up()
    accounts.reset()
    holder.note(1.0, 0.0)
    assert accounts.cost().tolist() == [2.0, 4.0]


def test_payments_cancel_in_the_network_and_stay_with_the_owners() -> None:
    holder = shelf()
    lines = [
        CostLine("holding", "A", "Anne", 1.0, holder, "stock"),
        CostLine("holding", "B", "Bert", 10.0, holder, "stock"),
        CostLine("purchase", "B", "Bert", 3.0, holder, "stock", payee="Anne"),
    ]
    accounts = Accounts(lines, 2)
    holder.note(2.0, 0.0)
    assert accounts.owners() == ["Anne", "Bert"]
    assert accounts.cost().tolist() == [22.0, 44.0]
    assert accounts.cost(agent="A").tolist() == [2.0, 4.0]
    assert accounts.cost(name="purchase").tolist() == [0.0, 0.0]
    assert accounts.payments("purchase").tolist() == [6.0, 12.0]
    assert accounts.balance("Anne").tolist() == [-4.0, -8.0]
    assert accounts.balance("Bert").tolist() == [26.0, 52.0]
