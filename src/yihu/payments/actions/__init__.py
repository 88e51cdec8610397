"""What is done with money: accounts are taken down, runs made, checked and handed to the bank."""

from yihu.payments.actions.accounts import OpenedAccount, explain_sharing, open_account, reveal_account
from yihu.payments.actions.bank_files import make_bank_file
from yihu.payments.actions.runs import (
    approve,
    cancel,
    make_run,
    put_back,
    refresh,
    remove_line,
    remove_lines,
    send_back,
    submit,
    write_off,
)

__all__ = [
    "OpenedAccount",
    "approve",
    "cancel",
    "explain_sharing",
    "make_bank_file",
    "make_run",
    "open_account",
    "put_back",
    "refresh",
    "remove_line",
    "remove_lines",
    "reveal_account",
    "send_back",
    "submit",
    "write_off",
]
