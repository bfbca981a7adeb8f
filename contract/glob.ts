/**
 * Whether a text is what a pattern stands for: `*` for any characters, the one that `one` names for one.
 * A mismatch goes back to the last star and no further, so it takes at most as many steps as pattern times text.
 */
export function matchesGlob(pattern: string, text: string, one?: "?"): boolean {
  let inPattern = 0;
  let inText = 0;
  let star: { readonly behind: number; tried: number } | undefined;
  while (inText < text.length) {
    const wanted = pattern.charAt(inPattern);
    if (wanted === "*") {
      star = { behind: ++inPattern, tried: inText };
    } else if (wanted !== "" && wanted === one) {
      inPattern++;
      inText += charactersAt(text, inText);
    } else if (wanted !== "" && wanted === text.charAt(inText)) {
      inPattern++;
      inText++;
    } else if (star !== undefined) {
      star.tried += charactersAt(text, star.tried);
      inText = star.tried;
      inPattern = star.behind;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** A character beyond U+FFFF is two units long. */
function charactersAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
