"""The mutants of one function, as a test among the others."""

from typing import TYPE_CHECKING, Any

import pytest

from yansuan.proof.findings import SCORE
from yansuan.proof.judges import Function
from yansuan.proof.mutation import Mutation, NotGreen

if TYPE_CHECKING:
    from yansuan.proof.run import ProofRun


class Survived(Exception):
    """Mutants that nothing notices, or a list of them that is out of date."""


class Mutants(pytest.Item):
    """A test that fails if some change of a function is noticed by no other test."""

    function: Function
    key: str  # of all that judges it
    mutation: Mutation
    run: "ProofRun"

    @classmethod
    def of(
        cls, session: pytest.Session, function: Function, key: str, mutation: Mutation, run: "ProofRun"
    ) -> "Mutants":
        item: Mutants = cls.from_parent(
            session,
            name=f"mutants of {function.label}",
            nodeid=f"{function.path.as_posix()}::{function.label}",
        )
        item.function, item.key, item.mutation, item.run = function, key, mutation, run
        item.path = session.config.rootpath / function.path
        return item

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, self.function.node.lineno - 1, self.name

    def show(self) -> bool:
        """pytest's protocol, without fixtures: while this test runs, others are set up."""
        self.ihook.pytest_runtest_logstart(nodeid=self.nodeid, location=self.location)
        stops = (KeyboardInterrupt, pytest.exit.Exception)
        call = pytest.CallInfo.from_call(self.runtest, when="call", reraise=stops)
        report = self.ihook.pytest_runtest_makereport(item=self, call=call)
        self.ihook.pytest_runtest_logreport(report=report)
        self.ihook.pytest_runtest_logfinish(nodeid=self.nodeid, location=self.location)
        return True

    def runtest(self) -> None:
        if self.run.failed:
            pytest.skip("a test has failed here: nothing is mutated before all are green")
        if not (score := self.run.kept(self.function, self.key)):
            found = self.mutation.score(self.function)
            score = {"total": found.total, "killed": found.killed, "listed": found.listed}
            score |= {"function": self.function.label, "key": self.key}
            self.user_properties.append((SCORE, score))
            if found.survivors:
                raise Survived("\n".join(found.survivors))
        else:
            self.user_properties.append((SCORE, score))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Survived | NotGreen):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)
