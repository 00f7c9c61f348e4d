"""Words that no message may hold, because whoever sees the screen would learn what it is about, or feel blamed.

For each language a list of each kind, as beginnings and parts of words. Kept apart from the code on purpose: a message
that needs one of these needs another sentence.
"""

from __future__ import annotations

import re

from journal.languages import Language

_HEALTH = {
    Language.ENGLISH: (
        r"ketamine|spravato|therap|depress|anxi|suicid|clinic|doctor|medic|drug|dose|diagnos|session"
        r"|treatment|patient|\bmood|psych|mental|phq|gad-?7|symptom|health|hospital|wellbeing|feeling"
        r"|score|appointment|check-?in|\bill(ness)?\b"
    ),
    Language.SPANISH: (
        r"ketamin|terap|depres|ansiedad|suicid|cl[ií]nic|doctor|m[eé]dic|f[aá]rmac|droga|dosis"
        r"|diagn[oó]s|sesi[oó]n|tratamiento|paciente|[aá]nimo|psi[cq]|mental|phq|s[ií]ntoma|salud"
        r"|hospital|bienestar|sientes|puntuaci|\bcita\b|enferm"
    ),
    Language.GREEK: (
        r"κεταμ|θεραπ|κατ[αά]θλ|[αά]γχ(ος|ους|η)|αυτοκτ|κλινικ|ιατρ|γιατρ|φ[αά]ρμακ|ναρκωτ"
        r"|δ[οό]σ(η|εις)|δι[αά]γνωσ|συνεδρ|ασθεν|δι[αά]θεσ|ψυχ|phq|σ[υύ]μπτωμ|υγε[ιί]|νοσοκομ|ευεξ[ιί]"
        r"|νι[ωώ]θ|βαθμολογ|ραντεβο"
    ),
}
_GUILT = {
    Language.ENGLISH: (
        r"missed|forgot|overdue|\blate\b|still waiting|haven.t|you didn.t (check|write|answer)|streak"
        r"|in a row|fail|should have|don.t (break|give up)|come back|we miss|disappoint|last chance"
        r"|hurry|!|\bmust\b|\bneed to\b"
    ),
    Language.SPANISH: (
        r"te has perdido|olvid|atrasad|todav[ií]a no has|no has (escrito|hecho|respond|contest|regist)"
        r"|racha|seguid[oa]s|fall(o|aste|ado)|deber[ií]as|no (te rindas|lo dejes)|vuelve\b|te echamos"
        r"|decep|[uú]ltima oportunidad|date prisa|[!¡]|tienes que"
    ),
    Language.GREEK: (
        r"ξ[εέ]χασ|[εέ]χασες|καθυστ[εέ]ρ|ακ[οό]μα περιμ|δεν [εέ]χεις (γρ[αά]ψει|κ[αά]νει|απαντ)"
        r"|στη σειρ[αά]|συνεχ[οό]μεν|απ[εέ]τυχ|[εέ]πρεπε|μην (τα παρατ|σταματ)|γ[υύ]ρνα π[ιί]σω"
        r"|μας λε[ιί]πεις|απογο[ηή]τ|τελευτα[ιί]α ευκαιρ|βι[αά]σου|!|πρ[εέ]πει"
    ),
}
HEALTH = {language: re.compile(words, re.IGNORECASE) for language, words in _HEALTH.items()}
"""What a message is about."""
GUILT = {language: re.compile(words, re.IGNORECASE) for language, words in _GUILT.items()}
"""That somebody has not done something, must do it, or has kept it up."""

PLANTED = {
    Language.ENGLISH: ("Your ketamine check-in", "Your clinic wrote", "How is your mood?"),
    Language.SPANISH: ("Tu sesión de ketamina", "Tu clínica ha escrito", "¿Qué tal el ánimo?"),
    Language.GREEK: ("Η συνεδρία σου", "Η κλινική σού έγραψε", "Πώς είναι η διάθεσή σου;"),
}
"""What the first list has to find."""
PLANTED_GUILT = {
    Language.ENGLISH: ("You missed yesterday", "Keep your streak", "Don’t forget!"),
    Language.SPANISH: ("Todavía no has escrito", "No pierdas tu racha", "Tienes que escribir"),
    Language.GREEK: ("Ξέχασες χθες", "Τρεις μέρες στη σειρά", "Πρέπει να γράψεις"),
}
"""What the second has to find."""
