/** Small helpers for building a page without HTML in strings, which Trusted Types forbid and which nobody can get wrong. */

/** An element with attributes, listeners (`onclick: …`) and children; what is null or false is left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Text in segments, as the API sends it: never HTML. */
export const marked = (segments) => segments.map(({ t, m }) => (m ? el("mark", { part: "mark" }, t) : t));

/**
 * Two live regions that take turns, so that the same words twice are heard twice.
 * They must be in the page before anything is said.
 */
export function announcer() {
  const regions = [0, 1].map(() => el("p", { role: "status", class: "unseen" }));
  let turn = 0;
  const say = (text) => {
    turn = 1 - turn;
    regions[turn].textContent = text;
    regions[1 - turn].textContent = "";
  };
  return { regions, say };
}

/** Makes these the children of `parent`; those that stay are not touched, so that they keep focus and state. */
export function arrange(parent, children) {
  for (const old of [...parent.children]) if (!children.includes(old)) old.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}
