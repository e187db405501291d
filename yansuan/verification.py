"""The verification page: what the last green test run proved, as tables. Generated from the report, never typed."""

from xml.etree.ElementTree import SubElement

from markdown.util import AtomicString

from yansuan import evidence

WORDS = {
    "en": {
        "columns": ("Formula", "Agrees with", "Inputs", "Worst relative error", "Mutants killed", "LaTeX"),
        "executed": "executed",
        "read": "read",
        "none": "There is no test report yet: run the tests, then build again.",
        "total": "{verified} of {formulas} formulas verified. Mutants: {killed} of {total} killed, {listed} listed as "
        "equivalent. LaTeX executed: {executed} of {verified}. Test run of {date} with {versions}.",
        evidence.NOT_COVERED: "not verified: not covered by the last test run",
        evidence.EDITED: "not verified: edited since",
        "wild": ("Where", "What is wrong", "Formula", "Noticed by"),
    },
    "zh": {
        "columns": ("公式", "与之一致", "输入组数", "最大相对误差", "发现的变异", "LaTeX"),
        "executed": "已执行",
        "read": "由人读过",
        "none": "还没有测试报告：请先运行测试，再重新构建。",
        "total": "{formulas} 个公式中 {verified} 个已验证。"
        "变异：共 {total} 处，发现 {killed} 处，另有 {listed} 处是等价改动。"
        "LaTeX 已执行：{verified} 个中的 {executed} 个。测试于 {date} 运行，版本为 {versions}。",
        evidence.NOT_COVERED: "未验证：最近一次测试没有覆盖",
        evidence.EDITED: "未验证：之后改动过",
        "wild": ("出自", "错在哪里", "公式", "由谁发现"),
    },
}


def verification(parent, formulas, report, lang, link):
    """A sentence of totals and a row per formula. `link` gives the address of a formula's card."""
    words = WORDS[lang]
    box = SubElement(parent, "div", {"class": "ys-verification ys-scroll"})
    if report is None:
        SubElement(box, "p").text = AtomicString(words["none"])
        return box
    proofs = {name: evidence.proof(report, formula) for name, formula in formulas.items()}
    good = [p for p in proofs.values() if p.state == evidence.VERIFIED]
    # helpers that formulas share have mutants too, so the sum is over functions
    sums = {k: sum(m[k] for m in report["mutants"].values()) for k in ("total", "killed", "listed")}
    totals = {"formulas": len(formulas), "verified": len(good), "executed": sum(p.latex == "executed" for p in good)}
    versions = ", ".join(f"{n} {v}" for n, v in report["versions"].items())
    text = words["total"].format(**sums, **totals, date=report["date"], versions=versions)
    SubElement(box, "p").text = AtomicString(text)
    body = table(box, words["columns"])
    for name, proof in proofs.items():
        row = SubElement(body, "tr", {"data-row": name, "data-status": proof.mark})
        SubElement(SubElement(row, "td"), "a", {"href": link(name)}).text = AtomicString(formulas[name].title[lang])
        if proof.state != evidence.VERIFIED:
            SubElement(row, "td", {"colspan": "5"}).text = AtomicString(words[proof.state])
            continue
        claims = SubElement(row, "td")
        for witness in proof.witnesses:
            SubElement(SubElement(claims, "div"), "code").text = AtomicString(witness["claim"])
        worst = max(w["max_rel_error"] for w in proof.witnesses)
        killed = "{killed} / {total}".format(**proof.mutants)
        listed = " (+{listed})".format(**proof.mutants) if proof.mutants["listed"] else ""
        inputs = str(sum(w["inputs"] for w in proof.witnesses))
        for cell in (inputs, f"{worst:.1e}", killed + listed, words[proof.latex]):
            SubElement(row, "td").text = AtomicString(cell)
    return box


def wild_bugs(parent, formulas, report, lang, link):
    """A row per published bug, with the witness that noticed it."""
    words = WORDS[lang]
    box = SubElement(parent, "div", {"class": "ys-verification ys-scroll"})
    if report is None:
        SubElement(box, "p").text = AtomicString(words["none"])
        return box
    body = table(box, words["wild"])
    for bug in report["wild"]:
        row = SubElement(body, "tr", {"data-bug": bug["id"]})
        SubElement(SubElement(row, "td"), "a", {"href": bug["link"]}).text = AtomicString(bug["where"])
        SubElement(row, "td").text = AtomicString(bug[lang])
        name = bug["formula"]
        title = formulas[name].title[lang] if name in formulas else name
        SubElement(SubElement(row, "td"), "a", {"href": link(name)}).text = AtomicString(title)
        SubElement(SubElement(row, "td"), "code").text = AtomicString(bug["noticed_by"])
    return box


def table(parent, columns):
    whole = SubElement(parent, "table", {"class": "ys-symbols"})
    head = SubElement(SubElement(whole, "thead"), "tr")
    for word in columns:
        SubElement(head, "th", {"scope": "col"}).text = AtomicString(word)
    return SubElement(whole, "tbody")
