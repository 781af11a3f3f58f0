/**
 * Tells the page's style how much of it the summary above and the buttons below cover, and scrolls the field that has the
 * focus out from under them: also where it was clicked half covered, and where they grow.
 */
export function keepFocusClear(above: HTMLElement, below: HTMLElement): void {
  const uncover = (): void => {
    const focused = document.activeElement;
    // A click on a box or a button must not move it away from under the pointer.
    if (!focused?.matches(':focus-visible') || above.contains(focused) || below.contains(focused)) return;
    focused.scrollIntoView({ block: 'nearest' });
  };
  const observer = new ResizeObserver(() => {
    const { style } = document.documentElement;
    style.setProperty('--above', `${above.offsetHeight}px`);
    style.setProperty('--below', `${below.offsetHeight}px`);
    uncover();
  });
  for (const edge of [above, below]) observer.observe(edge);
  document.addEventListener('focusin', uncover);
}
