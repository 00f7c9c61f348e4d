"""Whether a page fits: nothing to scroll sideways, no text cut off, over something else or too small to read, and no
bar that takes the screen.

What scrolls in a frame of its own (a table of numbers, a long note) may be larger than the frame.
"""

from __future__ import annotations

from playwright.sync_api import Page

ZOOMED = {"width": 320, "height": 256}
"""What is left of a screen of 1280 by 1024 at 400 %."""
ON_PAPER = {"sheets.show"}
"""Paper keeps its own size on every screen; the page before a visit says the same in any."""
SMALLEST = 12
"""CSS pixels that text has at least, in drawings too."""

_LOOK = """
smallest => {
  const found = [];
  const width = document.documentElement.clientWidth;
  const tooWide = document.documentElement.scrollWidth - width;
  if (tooWide > 0) found.push(`${tooWide} px too wide`);
  const say = node => JSON.stringify(node.textContent.trim().replace(/\\s+/g, " ").slice(0, 50));

  // Each line of each text that can be seen: where it stands, how large it is, and which bar it belongs to.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest(".vh, script, style, template, noscript, option, .skip")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    const drawing = element.closest("svg");
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < smallest - 0.15) found.push(`${say(node)} is ${size.toFixed(1)} px`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = drawing ? [element.getBoundingClientRect()] : [...range.getClientRects()];

    let scrolls = false, unseen = false, bar = null;
    let inside = !drawing;
    const boxes = [], clips = [];
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const { overflowX, overflowY, display, position, clipPath } = getComputedStyle(one);
      if (["auto", "scroll"].includes(overflowX) || ["auto", "scroll"].includes(overflowY)) { scrolls = true; break; }
      if (overflowX === "hidden" || overflowX === "clip") clips.push(one);
      if (clipPath !== "none") { unseen = true; break; }
      if (inside && display !== "inline" && display !== "contents") boxes.push(one);
      if (position === "absolute" || position === "fixed") inside = false;
      if (position === "fixed" || position === "sticky") bar = one;
    }
    if (scrolls || unseen) continue;
    for (const rect of rects) {
      if (rect.width < 1) continue;
      const middle = (rect.top + rect.bottom) / 2;
      const line = { node, text: drawing ? element.closest("text") : node, bar, left: rect.left, right: rect.right,
        top: middle - size * 0.42, bottom: middle + size * 0.42 };
      if (line.right > width + 1 || line.left < -1) found.push(`${say(node)} leaves the screen`);
      for (const clip of clips) {
        const edge = clip.getBoundingClientRect();
        const across = line.right > edge.right + 1 || line.left < edge.left - 1;
        const down = line.bottom > edge.bottom + 1 || line.top < edge.top - 1;
        if (across || down) found.push(`${say(node)} is cut off`);
      }
      for (const box of boxes) {
        const edge = box.getBoundingClientRect();
        if (line.right > edge.right + 1.5 || line.left < edge.left - 1.5) found.push(`${say(node)} leaves its box`);
      }
      lines.push(line);
    }
  }
  lines.sort((one, other) => one.top - other.top);
  for (let i = 0; i < lines.length; i += 1) {
    for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom; j += 1) {
      const [one, other] = [lines[i], lines[j]];
      if (one.text === other.text || one.bar !== other.bar) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 1.5 && down > 1.5) found.push(`${say(one.node)} and ${say(other.node)} lie over each other`);
    }
  }
  const bars = [...document.querySelectorAll("body *")].filter(one => {
    const { position } = getComputedStyle(one);
    return (position === "fixed" || position === "sticky") && one.checkVisibility() && !one.closest(".skip");
  });
  const covered = bars.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
  if (covered > innerHeight * 0.35) found.push(`bars cover ${Math.round(covered)} of ${innerHeight} px`);
  return [...new Set(found)];
}
"""


def unfold(page: Page) -> None:
    """Open everything that opens."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def misfits(page: Page) -> list[str]:
    """What does not fit on the page as it stands, in words."""
    found: list[str] = page.evaluate(_LOOK, SMALLEST)
    return found


def wear(page: Page, rules: str) -> None:
    """Let the page wear these CSS rules after all its own, as a planted fault."""
    page.evaluate(
        """rules => {
             const sheet = new CSSStyleSheet();
             sheet.replaceSync(rules);
             document.adoptedStyleSheets.push(sheet);
           }""",
        rules,
    )
