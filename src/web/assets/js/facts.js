/** Shapes of the format types, so that the eye finds them before it reads. */
const SHAPES = { analog: "●", digital: "◆", hybrid: "◐" };

/** Year of a case that goes on. */
const OPEN_END = 2 ** 31 - 1;

/**
 * The line of facts under a hit: "Vor Ort · 12–30 Personen · halber Tag · ab 500 €".
 * Gives a function from a hit to its facts; `label(facet, value)` names format types and durations.
 */
export function facts(language, say, label) {
  const number = new Intl.NumberFormat(language);
  const euros = new Intl.NumberFormat(language, { style: "currency", currency: "EUR", maximumFractionDigits: 0 });

  /** "12–30", "ab 12", "bis 30"; nothing where nothing is stated. */
  function range([low, high], format) {
    if (low == null || (low === 0 && high != null)) return high != null && say("up_to", format.format(high));
    if (high == null) return say("from", format.format(low));
    return low === high ? format.format(low) : format.formatRange(low, high);
  }

  return (hit) => {
    const [low, high = low] = hit.years ?? [];
    const people = range(hit.participants, number);
    const times = hit.duration.map((value) => label("duration_max", value));
    return [
      ...hit.format_types.map((value) => `${SHAPES[value]}\u202f${label("format_type", value)}`),
      people && say("people", hit.participants[1] ?? hit.participants[0], people),
      times.length > 1 ? say("range", times[0], times.at(-1)) : times[0],
      hit.cost_eur[1] === 0 ? say("free") : range(hit.cost_eur, euros),
      hit.municipality,
      low && (high === OPEN_END ? say("since", `${low}`) : high === low ? low : `${low}–${high}`),
    ].filter(Boolean);
  };
}
