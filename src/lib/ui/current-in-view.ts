/** An attachment for a strip that scrolls sideways: what is current in it is not left out of sight. */
export function currentInView(strip: HTMLElement): void {
  const current = strip.querySelector<HTMLElement>('[aria-current]');
  if (!current || strip.scrollWidth <= strip.clientWidth) return;
  const from = current.getBoundingClientRect().left - strip.getBoundingClientRect().left + strip.scrollLeft;
  strip.scrollLeft = from - (strip.clientWidth - current.offsetWidth) / 2;
}
