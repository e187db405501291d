"""The numbers of the last green test run: counted in one place, so that every page says the same."""

from collections.abc import Mapping

from yansuan import evidence
from yansuan.formula.formula import Formula


def totals(report: evidence.Evidence, formulas: Mapping[str, Formula]) -> dict[str, int]:
    """Formulas, how many are verified, inputs, mutants, and how many typeset formulas were executed."""
    proofs = [evidence.proof(report, formula) for formula in formulas.values()]
    good = [proof for proof in proofs if proof.state == evidence.VERIFIED]
    # helpers that formulas share have mutants too, so the sum is over functions
    mutants = [*(entry["mutants"] for entry in report.formulas.values()), *report.helpers.values()]
    latex = [proof.latex for proof in good]
    return {
        **{kind: sum(entry[kind] for entry in mutants) for kind in evidence.MUTANTS},
        "formulas": len(formulas),
        "verified": len(good),
        "inputs": sum(witness["inputs"] for proof in good for witness in proof.witnesses),
        "executed": latex.count("executed"),
        "algorithms": latex.count("algorithm"),
        "typeset": len(good) - latex.count("algorithm"),
    }
