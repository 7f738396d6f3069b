/** The body as text, or null when it is longer than `limit` bytes; the rest is then left unread. */
export async function readBody(request: Request, limit: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not cancelled when it is too long: that would cut the connection before the answer is sent.
  const reader = request.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) return null;
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}
