"""Who acts, and how one gets in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yihu.access.actor import service
from yihu.access.enums import WORK_OF_THE_SERVICE, PrincipalKind
from yihu.access.scope import acting


class Principal(models.Model):
    """Somebody who acts: one who works here, a resident, a member of a partner, or the service at some work.

    What else is known of him stands in the profile of his kind, which has the same key. Whatever was done points here.
    """

    kind = models.CharField(_("是谁"), max_length=10, choices=PrincipalKind)
    name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("行为人")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="principal_kind_is_known", condition=Q(kind__in=PrincipalKind.values)),
            models.CheckConstraint(name="principal_has_name", condition=~Q(name="")),
            models.UniqueConstraint(
                name="principal_service_once", fields=("name",), condition=Q(kind=PrincipalKind.SERVICE)
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """As pages say who did something: of the service that it was no person."""
        if self.kind != PrincipalKind.SERVICE:
            return self.name
        return gettext("系统 · {name}").format(name=WORK_OF_THE_SERVICE.get(self.name, self.name))


class LoginManager(BaseUserManager["Login"]):
    """Finds accounts by the name that people log in with, and whose they are."""

    def get_queryset(self) -> "models.QuerySet[Login]":
        """With the principal, whose name every page shows."""
        return super().get_queryset().select_related("principal")


class Login(AbstractBaseUser):
    """How somebody gets in: a name that was given to him and a password, or none that fits."""

    principal = models.OneToOneField(
        Principal, verbose_name=_("行为人"), on_delete=models.PROTECT, primary_key=True, related_name="login"
    )
    username = models.CharField(_("账号"), max_length=60, unique=True)

    # Written at every log-in, before anyone acts; who logged in when is the log's matter.
    last_login = None

    objects: ClassVar[LoginManager] = LoginManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        ordering = ("principal",)

    def __str__(self) -> str:
        return self.principal.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether he may get in at all."""
        return self.principal.is_active

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; a hash made the old way is renewed by the service, for nobody acts yet."""

        def renew(password: str) -> None:
            self.password = make_password(password)
            with acting(service("login"), reason="password hash"):
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew)
