"""Dates written in words without a year ("7 września, czwartek"), in the languages an app's users write.

Daylio's oldest files give the date only so. The language is nowhere stated: it is worked out from all the dates of
the file together, because one word can be two months ("listopada" is November in Polish and October in Croatian).
A date that stays unclear is not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Language:
    """Twelve months, January first, and seven weekdays; ``/`` divides the forms of one name."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]


def _language(months: str, weekdays: str) -> Language:
    return Language(tuple(months.split()), tuple(weekdays.split()))


LANGUAGES: dict[str, Language] = {
    "en": _language(
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept"
        " october/oct november/nov december/dec",
        "monday tuesday wednesday thursday friday saturday sunday",
    ),
    "de": _language(
        "januar/jänner februar/feber märz april mai juni juli august september oktober november dezember",
        "montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag",
    ),
    "es": _language(
        "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
        "lunes martes miércoles jueves viernes sábado domingo",
    ),
    "fr": _language(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
    ),
    "it": _language(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    ),
    "pt": _language(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "segunda terça quarta quinta sexta sábado domingo",
    ),
    "nl": _language(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    ),
    "sv": _language(
        "januari februari mars april maj juni juli augusti september oktober november december",
        "måndag tisdag onsdag torsdag fredag lördag söndag",
    ),
    "da": _language(
        "januar februar marts april maj juni juli august september oktober november december",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    ),
    "nb": _language(
        "januar februar mars april mai juni juli august september oktober november desember",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    ),
    "fi": _language(
        "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu"
        " kesäkuuta/kesäkuu heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu"
        " marraskuuta/marraskuu joulukuuta/joulukuu",
        "maanantai/maanantaina tiistai/tiistaina keskiviikko/keskiviikkona torstai/torstaina perjantai/perjantaina"
        " lauantai/lauantaina sunnuntai/sunnuntaina",
    ),
    "pl": _language(
        "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec"
        " sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień",
        "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    ),
    "cs": _language(
        "ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec"
        " srpna/srpen září října/říjen listopadu/listopad prosince/prosinec",
        "pondělí úterý středa čtvrtek pátek sobota neděle",
    ),
    "hr": _language(
        "siječnja/siječanj veljače/veljača ožujka/ožujak travnja/travanj svibnja/svibanj lipnja/lipanj"
        " srpnja/srpanj kolovoza/kolovoz rujna/rujan listopada/listopad studenoga/studenog/studeni prosinca/prosinac",
        "ponedjeljak utorak srijeda četvrtak petak subota nedjelja",
    ),
    "ro": _language(
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "luni marți/marţi miercuri joi vineri sâmbătă duminică",
    ),
    "hu": _language(
        "január február március április május június július augusztus szeptember október november december",
        "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    ),
    "tr": _language(
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    ),
    "el": _language(
        "ιανουαρίου/ιανουάριος φεβρουαρίου/φεβρουάριος μαρτίου/μάρτιος απριλίου/απρίλιος μαΐου/μάιος"
        " ιουνίου/ιούνιος ιουλίου/ιούλιος αυγούστου/αύγουστος σεπτεμβρίου/σεπτέμβριος οκτωβρίου/οκτώβριος"
        " νοεμβρίου/νοέμβριος δεκεμβρίου/δεκέμβριος",
        "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
    ),
    "ru": _language(
        "января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август"
        " сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь",
        "понедельник вторник среда четверг пятница суббота воскресенье",
    ),
    "uk": _language(
        "січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень"
        " серпня/серпень вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень",
        "понеділок вівторок середа четвер п'ятниця субота неділя",
    ),
}
"""Languages by ISO 639-1 code, in the nominative and in the form used beside a day number where they differ."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{1,4}")
_EAST_ASIAN = re.compile(r"(?:\d{4}\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")


def language_candidates(texts: Iterable[str]) -> tuple[str, ...]:
    """The languages that know the month names of all ``texts`` or, if none knows all, of most; then most weekdays.

    ``texts`` are the date and weekday cells of one whole file.
    """
    words = {word for text in texts for word in _words(text)}
    scores = {code: (len(words & _MONTHS[code].keys()), len(words & _WEEKDAYS[code])) for code in LANGUAGES}
    best = max(scores.values())
    return tuple(code for code, score in scores.items() if score == best and score[0] > 0)


def read_day(text: str, *, year: int, languages: Iterable[str]) -> date | None:
    """The date that ``text`` names in ``year``; None where it names none, several, or no day of that year.

    The text must hold one day number and one month name; weekday, commas and small words beside them do not matter,
    and a year in the text must be ``year``. Languages that disagree about the month make the date unreadable.
    """
    eastern = _EAST_ASIAN.search(unicodedata.normalize("NFKC", text))
    if eastern:
        return _day_of(year, int(eastern[1]), int(eastern[2]))
    numbers = [int(number) for number in _NUMBER.findall(text)]
    days = [number for number in numbers if number != year]
    words = _words(text)
    months = {_MONTHS[code][word] for code in languages for word in words if word in _MONTHS[code]}
    if len(days) != 1 or len(months) != 1:
        return None
    return _day_of(year, months.pop(), days[0])


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _words(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def _plain(word: str) -> str:
    # Accents come and go with the tool that wrote a file; no two months of one language differ by an accent alone.
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


_MONTHS: dict[str, dict[str, int]] = {
    code: {
        _plain(form): number
        for number, forms in enumerate(language.months, start=1)
        for form in forms.split("/")
    }
    for code, language in LANGUAGES.items()
}
_WEEKDAYS: dict[str, frozenset[str]] = {
    code: frozenset(word for forms in language.weekdays for word in _words(forms))
    for code, language in LANGUAGES.items()
}
