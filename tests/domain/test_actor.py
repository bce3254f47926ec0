"""Roles, and what each may do."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest

from crmplus.domain.actor import LOCAL_ADMIN, PERMISSIONS, Actor, Permission, Role
from crmplus.domain.errors import NotPermitted, Refused
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING, Sight


def test_every_role_may_do_all_that_the_one_below_it_may_and_more() -> None:
    ladder = [PERMISSIONS[role] for role in (Role.VIEWER, Role.REP, Role.MANAGER, Role.ADMIN)]
    assert all(lower < higher for lower, higher in pairwise(ladder))
    assert set(PERMISSIONS) == set(Role)
    assert LOCAL_ADMIN.role is Role.ADMIN


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_is_refused(role: Role, permission: Permission) -> None:
    actor = Actor(None, "x", role, EVERYTHING)
    if permission in PERMISSIONS[role]:
        actor.require(permission)
    else:
        with pytest.raises(NotPermitted):
            actor.require(permission)


def test_what_somebody_makes_for_an_owner_they_dont_see_is_their_own() -> None:
    ann, bob = UUID(int=1), UUID(int=2)
    actor = Actor(ann, "Ann", Role.REP, Sight(frozenset({ann})))
    assert [actor.owner_in_sight(owner) for owner in (ann, bob, None)] == [ann, ann, ann]
    seeing_all = replace(actor, sight=EVERYTHING)
    assert [seeing_all.owner_in_sight(owner) for owner in (ann, bob, None)] == [ann, bob, None]


def test_what_somebody_makes_by_name_is_anothers_and_of_nobody_their_own_unless_they_see_that() -> None:
    ann, bob = UUID(int=1), UUID(int=2)
    actor = Actor(ann, "Ann", Role.REP, Sight(frozenset({ann})))
    assert [actor.owner_of_new(owner) for owner in (ann, bob, None)] == [ann, bob, ann]
    seeing_all = replace(actor, sight=EVERYTHING)
    assert [seeing_all.owner_of_new(owner) for owner in (ann, bob, None)] == [ann, bob, None]


def test_a_refusal_that_counts_is_for_who_sees_all_that_is_counted() -> None:
    ann, bob = UUID(int=1), UUID(int=2)
    hers = Sight(frozenset({ann}))
    hers.require_all([], say("hidden"))
    hers.require_all([ann], say("hidden"))
    EVERYTHING.require_all([ann, bob, None], say("hidden"))
    for hidden in ([bob], [ann, bob], [None]):
        with pytest.raises(Refused, match="hidden"):
            hers.require_all(hidden, say("hidden"))
