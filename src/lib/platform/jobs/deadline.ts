/** The answer, or an error once `timeout` milliseconds have passed without one. */
export async function within<T>(timeout: number, what: string, answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not answer within ${timeout} ms`)), timeout);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
