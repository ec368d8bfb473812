"""Who authorizes a workbench's requests: one authorizer for each form of token request."""

from collections.abc import Callable
from datetime import datetime

from inspector.auth import Authorizer
from inspector.auth.token_request import TokenForm
from inspector.delivery.network import Network


class Authorizers:
    """The authorizer of the usual form, and those of other forms with tokens and states of their own."""

    def __init__(self, now: Callable[[], datetime], network: Network, form: TokenForm) -> None:
        self._now, self._network, self._form = now, network, form
        self._others: dict[TokenForm, Authorizer] = {}
        self.usual = Authorizer(now, network=network, form=form)

    def of(self, form: TokenForm | None) -> Authorizer:
        """Return who authorizes by a form; by the usual one for None."""
        if form is None or form == self._form:
            return self.usual
        if form not in self._others:
            self._others[form] = Authorizer(self._now, network=self._network, form=form)
        return self._others[form]

    def forget(self) -> None:
        """Forget every token and state."""
        self.usual.forget()
        self._others.clear()
