/** The body as text, or null when it is longer than `limit` bytes; the rest is then left unread. */
export async function readBody(request: Request, limit: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      reader.releaseLock();
      return null;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const MOST_DISCARDED = 100_000_000;

/**
 * Lets the rest of a refused body run out behind the answer: many clients read no answer before they have sent
 * everything, and would see a broken connection instead of the refusal. Beyond 100 MB it is cut.
 */
export async function discardBody({ body }: Request): Promise<void> {
  if (!body || body.locked) return;
  let size = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk, controller) {
      size += chunk.length;
      if (size > MOST_DISCARDED) controller.error(new Error('Too long'));
    }
  });
  await body.pipeTo(sink).catch(() => undefined);
}
