r"""Which character a command draws.

In: nothing. Out: `COMMAND`, from a character to the one command that stands for it, and `SAME`, from every other way to
write that character to this command.

The table is written by hand and not asked of the renderer, so that a renderer that drew another character would be
noticed. The first name after a character is the one that `tokens.lex` gives; the others are drawn alike.
"""

TABLE = """
α alpha  β beta  γ gamma  δ delta  ϵ epsilon  ε varepsilon  ζ zeta  η eta  θ theta  ϑ vartheta  ι iota  κ kappa
ϰ varkappa  λ lambda  μ mu  ν nu  ξ xi  ο omicron  π pi  ϖ varpi  ρ rho  ϱ varrho  σ sigma  ς varsigma  τ tau
υ upsilon  ϕ phi  φ varphi  χ chi  ψ psi  ω omega  ϝ digamma
Γ Gamma  Δ Delta  Θ Theta  Λ Lambda  Ξ Xi  Π Pi  Σ Sigma  Υ Upsilon  Φ Phi  Ψ Psi  Ω Omega
∂ partial  ∇ nabla  ∞ infty  ℓ ell  ℏ hbar hslash  ı imath  ȷ jmath  ℵ aleph  ℶ beth  ℷ gimel  ℸ daleth
℘ wp  ∅ varnothing emptyset  ∠ angle  ∡ measuredangle  ∢ sphericalangle  ∀ forall  ∃ exists  ∄ nexists
¬ neg lnot  ⊤ top  ⊥ bot  ⊺ intercal  ° degree  ∁ complement  ℧ mho  ♭ flat  ♮ natural  ♯ sharp  ♣ clubsuit
♢ diamondsuit  ♡ heartsuit  ♠ spadesuit  ✓ checkmark  ★ bigstar  ◊ lozenge Diamond  ■ blacksquare  □ square  ◻ Box
▴ blacktriangle  ⧫ blacklozenge
∧ wedge land  ∨ vee lor  ∩ cap  ∪ cup  ∖ setminus  ± pm  ∓ mp  × times  ÷ div  ⋅ cdot  · cdotp  ⋆ star  ∘ circ
∙ bullet  ⊕ oplus  ⊖ ominus  ⊗ otimes  ⊘ oslash  ⊙ odot  † dagger  ‡ ddagger  ≀ wr  ⨿ amalg  ⋄ diamond  ⊎ uplus
⊔ sqcup  ⊓ sqcap  ◯ bigcirc  △ triangle bigtriangleup  ▽ bigtriangledown  ▿ triangledown  ◁ triangleleft
▷ triangleright  ⊼ barwedge  ⊻ veebar  ⋎ curlyvee  ⋏ curlywedge  ⊞ boxplus  ⊟ boxminus  ⊠ boxtimes  ⊡ boxdot
⋉ ltimes  ⋊ rtimes  ⋋ leftthreetimes  ⋌ rightthreetimes  ⊝ circleddash  ⊛ circledast  ⊚ circledcirc  ∔ dotplus
⋇ divideontimes  ⋒ Cap  ⋓ Cup
≤ leq le  ≥ geq ge  ⩽ leqslant  ⩾ geqslant  ≠ neq ne  ≪ ll  ≫ gg  ⋘ lll  ⋙ ggg  ∼ sim  ≃ simeq  ≈ approx
≊ approxeq  ≅ cong  ≡ equiv  ∝ propto  ≍ asymp  ≐ doteq  ≑ doteqdot  ≜ triangleq  ≕ eqqcolon
≺ prec  ≻ succ  ⪯ preceq  ⪰ succeq  ≼ preccurlyeq  ≽ succcurlyeq  ≲ lesssim  ≳ gtrsim  ≶ lessgtr  ≷ gtrless
⊂ subset  ⊃ supset  ⊆ subseteq  ⊇ supseteq  ⊊ subsetneq  ⊋ supsetneq  ⊏ sqsubset  ⊐ sqsupset  ⊑ sqsubseteq
⊒ sqsupseteq  ∈ in  ∋ ni owns  ∉ notin  ∣ mid  ∤ nmid  ∥ parallel  ∦ nparallel  ⟂ perp  ⊨ models vDash  ⊢ vdash
⊣ dashv  ⊩ Vdash  ⊬ nvdash  ⊭ nvDash  ⋈ bowtie  ⌣ smile  ⌢ frown  ∴ therefore  ∵ because  ≬ between  ⋔ pitchfork
∽ backsim  ⋍ backsimeq  ≏ bumpeq  ≎ Bumpeq  ≗ circeq  ≖ eqcirc  ≓ risingdotseq  ≒ fallingdotseq  ≰ nleq  ≱ ngeq
≮ nless  ≯ ngtr  ⊈ nsubseteq  ⊉ nsupseteq  ⊀ nprec  ⊁ nsucc  ≁ nsim  ≇ ncong
⊲ vartriangleleft lhd  ⊳ vartriangleright rhd  ⊴ trianglelefteq unlhd  ⊵ trianglerighteq unrhd
→ rightarrow to  ← leftarrow gets  ↔ leftrightarrow  ⇒ Rightarrow  ⇐ Leftarrow  ⇔ Leftrightarrow
⟹ Longrightarrow implies  ⟸ Longleftarrow impliedby  ⟺ Longleftrightarrow iff  ↦ mapsto  ⟼ longmapsto
⟶ longrightarrow  ⟵ longleftarrow  ⟷ longleftrightarrow  ↑ uparrow  ↓ downarrow  ↕ updownarrow  ⇑ Uparrow
⇓ Downarrow  ⇕ Updownarrow  ↗ nearrow  ↘ searrow  ↙ swarrow  ↖ nwarrow  ↪ hookrightarrow  ↩ hookleftarrow
⇀ rightharpoonup  ⇁ rightharpoondown  ↼ leftharpoonup  ↽ leftharpoondown  ⇌ rightleftharpoons  ⇋ leftrightharpoons
⇝ rightsquigarrow leadsto  ↠ twoheadrightarrow  ↞ twoheadleftarrow  ↣ rightarrowtail  ↢ leftarrowtail
⇉ rightrightarrows  ⇇ leftleftarrows  ⇄ rightleftarrows  ⇆ leftrightarrows  ⇈ upuparrows  ↺ circlearrowleft
↻ circlearrowright  ↶ curvearrowleft  ↷ curvearrowright  ↛ nrightarrow  ↚ nleftarrow  ⇏ nRightarrow  ⇍ nLeftarrow
⇎ nLeftrightarrow  ⊸ multimap
∑ sum  ∏ prod  ∐ coprod  ∫ int  ∬ iint  ∭ iiint  ∮ oint  ⋃ bigcup  ⋂ bigcap  ⨆ bigsqcup  ⋁ bigvee  ⋀ bigwedge
⨁ bigoplus  ⨂ bigotimes  ⨀ bigodot  ⨄ biguplus
⋯ cdots  ⋮ vdots  ⋱ ddots  ⋰ iddots
⌊ lfloor  ⌋ rfloor  ⌈ lceil  ⌉ rceil  ⟨ langle  ⟩ rangle  ⟦ llbracket  ⟧ rrbracket  ⟮ lgroup  ⟯ rgroup
⌜ ulcorner  ⌝ urcorner
"""
ROWS = [entry.split() for entry in TABLE.replace("\n", "  ").split("  ") if entry]
COMMAND = {character: f"\\{names[0]}" for character, *names in ROWS}  # what stands for a character
SAME = {f"\\{name}": COMMAND[character] for character, *names in ROWS for name in names[1:]}  # another way: that
SAME |= COMMAND
COMMAND |= {"−": "-", "∗": "*", "‖": r"\|", "{": r"\{", "}": r"\}", "\\": r"\backslash", "≔": "="}
COMMAND |= {character: f"\\{character}" for character in "%&$#_"}
COMMAND |= {"′": "'", "″": "''", "‴": "'''", "⁗": "''''"}
SAME |= {"−": "-", r"\ast": "*", r"\Vert": r"\|", r"\vert": "|", r"\lbrace": r"\{", r"\rbrace": r"\}", r"\colon": ":"}
SAME |= {r"\lbrack": "[", r"\rbrack": "]", r"\lparen": "(", r"\rparen": ")", r"\lt": "<", r"\gt": ">"}
SAME |= {r"\prime": "'", "′": "'"}
SAME |= {":=": "=", "≔": "=", r"\coloneqq": "=", r"\coloneq": "=", r"\ldots": r"\dots", "...": r"\dots"}

GREEK = frozenset(COMMAND[c] for c in COMMAND if "α" <= c <= "ϵ" or "Α" <= c <= "Ω")
BOLD_TOO = frozenset((r"\partial", r"\nabla"))
UPRIGHT = frozenset(COMMAND[c] for c in COMMAND if "Α" <= c <= "Ω") | {r"\nabla"}
NAMES = """
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
    ln log max min Pr sec sin sinh sup tan tanh
"""
NAMED = frozenset(NAMES.split())  # operators that are drawn as their name
ACCENTS = {  # character: the command that puts it above, or below
    **{"ˆ": r"\hat", "ˇ": r"\check", "˘": r"\breve", "´": r"\acute", "`": r"\grave", "˜": r"\tilde", "¯": r"\bar"},
    **{"\u20d7": r"\vec", "˙": r"\dot", "¨": r"\ddot", "\u20db": r"\dddot", "\u20dc": r"\ddddot", "˚": r"\mathring"},
    **{"\u0302": r"\widehat", "\u0332": r"\overline", "⏞": r"\overbrace", "→": r"\overrightarrow"},
    **{"←": r"\overleftarrow", "⏜": r"\overparen", "⎴": r"\overbracket"},
}
BELOW = {"\u0332": r"\underline", "⏟": r"\underbrace", "⏝": r"\underparen", "⎵": r"\underbracket"}
FONTS = {  # what Unicode calls an alphabet: the command that draws its letters
    "BOLD": r"\mathbf",
    "BOLD ITALIC": r"\boldsymbol",
    "SCRIPT": r"\mathcal",
    "FRAKTUR": r"\mathfrak",
    "BLACK-LETTER": r"\mathfrak",
    "DOUBLE-STRUCK": r"\mathbb",
    "SANS-SERIF": r"\mathsf",
    "MONOSPACE": r"\mathtt",
}
LIMITS = frozenset(COMMAND[c] for c in "∑∏∐⋃⋂⨆⋁⋀⨁⨂⨀⨄∫∬∭∮") | {f"\\{name}" for name in NAMED}
LIMITS |= {r"\overbrace", r"\underbrace"}  # what is put above or below these is a script
