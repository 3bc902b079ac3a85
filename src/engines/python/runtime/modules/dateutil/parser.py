"""Reads the date forms that logs hold: ISO 8601, RFC 2822, month names, slashes and times alone. Anything else raises."""
import re
from datetime import datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}
_WEEKDAYS = {
    name
    for names in ("mon monday", "tue tues tuesday", "wed wednesday", "thu thur thurs thursday", "fri friday",
                  "sat saturday", "sun sunday")
    for name in names.split()
}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([ap]\.?m\.?)?", re.I)
_ZONE = re.compile(r"(?:(?<=[\d\s])(?:z|utc|gmt)\b)?\s*([+-])(\d{2}):?(\d{2})?\s*$|(?<=[\d\s])(?:z|utc|gmt)\s*$", re.I)


class ParserError(ValueError):
    """The text is no date."""


def parse(timestr, default=None, dayfirst=False, yearfirst=False, ignoretz=False, **_):
    if isinstance(timestr, (bytes, bytearray)):
        timestr = timestr.decode()
    if hasattr(timestr, "read"):
        timestr = timestr.read()
    if not isinstance(timestr, str):
        raise TypeError("Parser must be a string or character stream, not " + type(timestr).__name__)
    try:
        return _parse(timestr, default, dayfirst, yearfirst, ignoretz)
    except ParserError:
        raise
    except (ValueError, OverflowError) as error:
        raise ParserError(f"{error}: {timestr}") from error


def _parse(text, default, dayfirst, yearfirst, ignoretz):
    base = default or datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {}
    rest = text.strip()
    if not rest:
        raise ParserError(f"String does not contain a date: {text}")
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(z|[+-]\d{2}:?\d{2})?", rest, re.I)
    if compact:
        year, month, day, hour, minute, second, zone = compact.groups()
        rest = f"{year}-{month}-{day}"
        if hour:
            rest += f" {hour}:{minute}:{second or '00'}{zone or ''}"
    clock = _TIME.search(rest)
    tail = ""
    if clock:
        hour, minute, second, fraction, half = clock.groups()
        hour = int(hour)
        if half:
            if not 1 <= hour <= 12:
                raise ParserError(f"Invalid hour specified for 12-hour clock: {text}")
            hour = hour % 12 + (12 if half[0] in "pP" else 0)
        fields.update(hour=hour, minute=int(minute), second=int(second or 0),
                      microsecond=int((fraction or "0")[:6].ljust(6, "0")))
        tail = rest[clock.end():]
        rest = rest[:clock.start()]
    zone = None
    found = _ZONE.search(" " + tail) if clock else None
    if found:
        tail = (" " + tail)[:found.start()]
        if found.group(1):
            offset = timedelta(hours=int(found.group(2)), minutes=int(found.group(3) or 0))
            zone = timezone(-offset if found.group(1) == "-" else offset)
        else:
            zone = timezone.utc
        if zone.utcoffset(None) == timedelta(0):
            zone = timezone.utc
    rest = (rest.strip().rstrip("Tt") if clock else rest) + " " + tail
    numbers = []
    for word in re.findall(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]+", rest):
        lowered = word.lower()
        if word.isdigit():
            numbers.append(word)
        elif lowered in _MONTHS and "month" not in fields:
            fields["month"] = _MONTHS[lowered]
            fields["_before"] = len(numbers)
        elif clock and zone is None and lowered in ("utc", "gmt"):
            zone = timezone.utc
        elif lowered in _WEEKDAYS or lowered in ("at", "on", "and", "st", "nd", "rd", "th", "of", "t"):
            continue
        elif set(word) <= set("-/.,;"):
            continue
        else:
            raise ParserError(f"Unknown string format: {text}")
    fields.pop("_before", None)
    _place(numbers, fields, dayfirst, yearfirst, text)
    if not fields:
        raise ParserError(f"String does not contain a date: {text}")
    if "day" not in fields and ("year" in fields or "month" in fields):
        fields["day"] = min(base.day, _month_length(fields.get("year", base.year), fields.get("month", base.month)))
    moment = base.replace(**fields)
    return moment if zone is None or ignoretz else moment.replace(tzinfo=zone)


def _month_length(year, month):
    following = datetime(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return 31 if following is None else (following - timedelta(days=1)).day


def _year(word):
    if len(word) > 2:
        return int(word)
    short = int(word)
    century = datetime.now().year // 100 * 100
    return century + short - (100 if century + short >= datetime.now().year + 50 else 0)


def _place(numbers, fields, dayfirst, yearfirst, text):
    """Decides which of the plain numbers is year, month and day."""
    if len(numbers) > 3 or ("month" in fields and len(numbers) > 2):
        raise ParserError(f"Unknown string format: {text}")
    if "month" in fields:
        for word in numbers:
            if "day" not in fields and len(word) <= 2 and 1 <= int(word) <= 31:
                fields["day"] = int(word)
            elif "year" not in fields:
                fields["year"] = _year(word)
            else:
                raise ParserError(f"Unknown string format: {text}")
        return
    if len(numbers) == 3:
        if len(numbers[0]) > 2 or yearfirst or int(numbers[0]) > 31:
            year, month, day = numbers
        else:
            month, day, year = numbers
            if dayfirst or int(month) > 12:
                month, day = day, month
        fields.update(year=_year(year), month=int(month), day=int(day))
    elif len(numbers) == 2:
        first, second = numbers
        if len(first) > 2:
            fields.update(year=int(first), month=int(second))
        elif len(second) > 2:
            fields.update(month=int(first), year=int(second))
        else:
            fields.update(month=int(first), day=int(second))
    elif len(numbers) == 1:
        word = numbers[0]
        if len(word) == 4:
            fields["year"] = int(word)
        elif len(word) <= 2:
            fields["day"] = int(word)
        else:
            raise ParserError(f"Unknown string format: {text}")


def isoparse(text):
    return datetime.fromisoformat(text)
