import type { RequestHandler } from './$types';

/** The firm's logo, also for people who are not signed in. The address names the bytes, so it may be kept for ever. */
export const GET: RequestHandler = async ({ params, locals }) => {
  const { mimeType, data } = await locals.api.settings.logo({ hash: params.hash });
  return new Response(Buffer.from(data, 'base64'), {
    headers: {
      'content-type': mimeType,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox"
    }
  });
};
