/**
 * May this request change something? Browsers name the page a request comes from; only our own pages may. Programs
 * that are no browser send neither header and bring no cookie of somebody else's.
 */
export function isOwnOrigin(request: Request, url: URL, publicUrl: URL | null): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return false;
  const origin = request.headers.get('origin');
  return origin === null || origin === publicUrl?.origin || origin === url.origin;
}

/** Does the method only read? */
export const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method);
