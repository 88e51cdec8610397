"""What changes families, their members and what is known of them."""

from yihu.households.actions.disclosing import end_grant, give_grant
from yihu.households.actions.facts import NewFact, record_facts, settle
from yihu.households.actions.families import change_contact, close_household, move_household, open_household
from yihu.households.actions.files import NewFile, faults_of, open_files
from yihu.households.actions.members import (
    add_member,
    change_head,
    correct_person,
    end_membership,
    record_death,
)
from yihu.households.actions.papers import keep_paper, sign_consent, withdraw_consent
from yihu.households.actions.reads import record_export, record_read, reveal_identity_number, reveal_telephone
from yihu.households.people import NewMember

__all__ = [
    "NewFact",
    "NewFile",
    "NewMember",
    "add_member",
    "change_contact",
    "change_head",
    "close_household",
    "correct_person",
    "end_grant",
    "end_membership",
    "faults_of",
    "give_grant",
    "keep_paper",
    "move_household",
    "open_files",
    "open_household",
    "record_death",
    "record_export",
    "record_facts",
    "record_read",
    "reveal_identity_number",
    "reveal_telephone",
    "settle",
    "sign_consent",
    "withdraw_consent",
]
