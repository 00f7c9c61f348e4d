"""Nothing anybody can read repeats a claim that the evidence does not bear, or says what only a clinician may say.

The claims are those of the articles this journal began with: harmless, a cure, a help against
everything, never without staff, a last chance. Beside them stands what the product does not do (5.7): name an illness
or how severe one is, predict, advise a dose or a date, say that an alert was sent.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from tests.house.source import PACKAGE, ROOT, modules

NEVER = {
    "safe, or not addictive": (
        r"\b(not|never|n[o’']t|non-?)\s*(be\s+|physically\s+)?(addictive|habit-forming)",
        r"\bketamine\b[^.!?]{0,60}\b(is|are|and|completely|perfectly)\s+(\w+\s+)?safe\b",
        r"\bsafe\b[^.!?]{0,20}\b(treatment|medicine|drug)\b",
        r"\bno\s+(es|son|crea|causa|produce)\s+(\w+\s+)?adic",
        r"\bketamina\b[^.!?]{0,60}\b(es|son)\s+(\w+\s+)?segur",
        r"δεν\s+(είναι|προκαλεί|δημιουργεί)\s+(\w+\s+)?(εθισ|εξάρτησ)",
        r"κεταμίν\w*[^.!;]{0,60}είναι\s+(\w+\s+)?ασφαλ",
    ),
    "a cure": (
        r"\bcur(e|es|ed|ing)\b",
        r"\bcur(ar|an|a|ará|ado|ación|arse|arte)\b",
        r"\b(θεραπεύ(ει|ουν|σει|εται)|γιατρεύ\w*|γιατρειά|ίαση\w*)\b",
    ),
    "a help against trauma": (
        r"\b(help|helps|helped|effective|works?|relie\w+|treats?)\b[^.!?]{0,40}\b(PTSD|post-?traumatic)",
        r"\b(ayuda|eficaz|funciona|alivia|trata)\b[^.!?]{0,40}\b(TEPT|PTSD|postraumátic)",
        r"\b(βοηθ\w+|αποτελεσματικ\w+|ανακουφίζει)\b[^.!;]{0,40}(PTSD|μετατραυματικ)",
    ),
    "staff that is always there": (
        r"\b(medical|clinic(al)?|trained)\s+staff\b[^.!?]{0,40}\b(present|there|with you|at hand)\b",
        r"\bpersonal\s+(médico|sanitario|clínico)\b[^.!?]{0,40}\b(presente|contigo|siempre)",
        r"ιατρικό\s+προσωπικό[^.!;]{0,40}(παρόν|πάντα|μαζί σου)",
    ),
    "a last chance": (
        r"\b(last|only|final)\s+(chance|hope|resort|way out)\b",
        r"\bescap\w+\b[^.!?]{0,20}\bdespair\b",
        r"\b(última|única)\s+(oportunidad|esperanza|salida)\b",
        r"\b(τελευταία|μόνη)\s+(ευκαιρία|ελπίδα|διέξοδ)",
    ),
    "a promise of relief": (
        r"\byou\s+(will|should|[’']ll)\s+(\w+\s+)?(feel|get|be)\s+better\b",
        r"\bguarantee",
        r"\b(te sentirás|deberías sentirte|vas a sentirte)\s+mejor\b",
        r"\bgarantiza",
        r"(θα|πρέπει να)\s+(νιώσεις|αισθανθείς)\s+καλύτερα",
        r"εγγυ(άται|όμαστε|ημέν)",
    ),
    "an illness, or how severe it is": (
        r"\byou\s+(have|(are )?suffer(ing)? from)\s+(a\s+)?(\w+\s+)?(depression|(anxiety )?disorder|ptsd)\b",
        r"\b(minimal|mild|moderate|moderately severe|severe)\s+(depression|anxiety|ptsd)\b",
        r"\b(meets?|met)\s+(the\s+)?criteria\b|\b(positive|negative)\s+screen",
        r"\b(tienes|padeces|sufres)\s+(de\s+)?(una\s+)?(depresión|ansiedad generalizada|trastorno)\b",
        r"\b(depresión|ansiedad)\s+(mínima|leve|moderada|grave|severa)\b",
        r"(έχεις|πάσχεις από)\s+(κατάθλιψη|διαταραχή|αγχώδη)",
        r"(ελαφριά|ήπια|μέτρια|σοβαρή|βαριά)\s+(κατάθλιψη|αγχώδης)",
    ),
    "a danger that is measured": (
        r"\b(suicide|suicidal)\s+risk\b|\brisk\s+(level|score|of suicide)\b|\b(high|low|no|at)[- ]risk\b",
        r"\bsuicidal(ity)?\b",
        r"\b(nivel|riesgo)\s+de\s+(riesgo|suicidio)\b|\b(alto|bajo)\s+riesgo\b",
        r"(επίπεδο|βαθμός)\s+κινδύνου|κίνδυνος\s+αυτοκτονίας|(υψηλού|χαμηλού)\s+κινδύνου",
    ),
    "an alert that was sent": (
        r"\balerts?\s+(was|were|has been|have been|is|are|will be)?\s*sent\b|\b(we|has|have|been)\s+alerted\b",
        r"\b(we|clinic|therapist)\s+(has|have)\s+been\s+(notified|told|informed)\b",
        r"\balerta\s+enviada\b|\bhemos\s+avisado\b|\bse\s+ha\s+avisado\b",
        r"(στάλθηκε|εστάλη)\s+(\w+\s+)?ειδοποίηση|έχουμε\s+ειδοποιήσει",
    ),
    "a dose, or when to come": (
        r"\b(increase|raise|lower|reduce|skip|stop taking)\s+(your|the)\s+(dose|ketamine|medicine)\b",
        r"\b(it[’']s|it is)\s+time\s+(for|to book)\s+(your|another|the)\s+(next\s+)?(session|infusion)\b",
        r"\b(aumenta|sube|baja|reduce)\s+(tu|la)\s+dosis\b",
        r"(αύξησε|μείωσε|ανέβασε)\s+(τη\s+)?δόση",
    ),
}

LET_THROUGH = {
    # A crisis line's own name.
    "988 Suicide & Crisis Lifeline",
}

PLANTED = {
    "safe, or not addictive": (
        "Medical ketamine is safe and not addictive.",
        "No crea adicción.",
        "Η κεταμίνη είναι απόλυτα ασφαλής.",
    ),
    "a cure": ("It can help cure depression.", "Puede curar la depresión.", "Θεραπεύει την κατάθλιψη."),
    "a help against trauma": (
        "Ketamine helps people with PTSD.",
        "Ayuda en el trastorno por estrés postraumático.",
        "Βοηθά στη μετατραυματική διαταραχή.",
    ),
    "staff that is always there": (
        "Sessions are done with medical staff present.",
        "El personal médico está siempre presente.",
        "Το ιατρικό προσωπικό είναι πάντα εκεί.",
    ),
    "a last chance": (
        "For some it is the last chance at escaping despair.",
        "Es la última oportunidad.",
        "Είναι η τελευταία ευκαιρία.",
    ),
    "a promise of relief": (
        "You should feel better by now.",
        "Te sentirás mejor.",
        "Θα νιώσεις καλύτερα.",
    ),
    "an illness, or how severe it is": (
        "12: moderate depression",
        "Depresión moderada",
        "Μέτρια κατάθλιψη",
    ),
    "a danger that is measured": ("Risk level: high", "Nivel de riesgo", "Κίνδυνος αυτοκτονίας"),
    "an alert that was sent": (
        "An alert was sent to your clinic.",
        "Hemos avisado a tu clínica.",
        "Στάλθηκε ειδοποίηση.",
    ),
    "a dose, or when to come": (
        "It’s time for your next session.",
        "Aumenta tu dosis.",
        "Αύξησε τη δόση.",
    ),
}

_FOUND = {
    claim: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    for claim, patterns in NEVER.items()
}


@cache
def claims_in(text: str) -> list[str]:
    """The claims that a text makes, as nobody who reads it may."""
    return [claim for claim, pattern in _FOUND.items() if pattern.search(text)]


def catalogues() -> Iterator[tuple[str, str]]:
    for path in sorted((PACKAGE / "catalogues").glob("*.po")):
        with path.open("rb") as file:
            entries = read_po(file)
        for entry in entries:
            for said in (entry.id, entry.string):
                for text in said if isinstance(said, list | tuple) else [said or ""]:
                    yield f"{path.name}: {text}", text


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            yield path.relative_to(ROOT).as_posix(), text


def said_in_python() -> Iterator[tuple[str, str]]:
    """Every text of the program but its docstrings, which nobody but us reads."""
    for module in modules():
        spoken_of = {
            id(node.value)
            for node in module.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken_of:
                yield f"{module.name}:{node.lineno}", node.value


def shipped_files() -> Iterator[tuple[str, str]]:
    for path in sorted((PACKAGE / "instruments").glob("*.json")):
        for text in _texts(json.loads(path.read_text(encoding="utf-8"))):
            yield path.name, text


def _texts(document: object) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for part in document.values() if isinstance(document, dict) else document:
            yield from _texts(part)


@pytest.mark.parametrize("texts", [catalogues, templates, said_in_python, shipped_files])
def test_no_text_makes_a_claim_that_must_not_be_made(texts: Callable[[], Iterator[tuple[str, str]]]) -> None:
    found = [
        (where, claims) for where, text in texts() if text not in LET_THROUGH and (claims := claims_in(text))
    ]
    assert found == []


@pytest.mark.parametrize("texts", [catalogues, templates, said_in_python, shipped_files])
def test_there_is_something_to_read(texts: Callable[[], Iterator[tuple[str, str]]]) -> None:
    assert sum(len(text) for _where, text in texts()) > 2_000


@pytest.mark.parametrize(
    ("claim", "text"), [(claim, text) for claim, texts in PLANTED.items() for text in texts]
)
def test_a_claim_is_noticed_in_every_language(claim: str, text: str) -> None:
    assert claim in claims_in(text)


def test_every_claim_has_been_planted() -> None:
    assert PLANTED.keys() == NEVER.keys()


@pytest.mark.parametrize(
    "text",
    [
        "Results vary. Not everyone responds.",
        "This journal is not monitored in real time. It does not replace your care team.",
        "Are you having thoughts of killing yourself right now?",
        "Nobody is alerted when you save a low number.",
        "Making it safer around me",
        "Procura dormir. Asegúrate de tener a alguien contigo.",
        "Η θεραπεύτριά σου μπορεί να το δει.",
    ],
)
def test_what_may_be_said_is_let_through(text: str) -> None:
    assert claims_in(text) == []
