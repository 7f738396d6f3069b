/** Something to wait on that can be cut short; a ring while nobody waits ends the next wait at once. */
export function newAlarm() {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    rings: async (timeout: number) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, timeout);
        await promise;
        clearTimeout(timer);
      }
      rung = false;
      wake = null;
    }
  };
}
