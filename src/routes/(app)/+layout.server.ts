import type { LayoutServerLoad } from './$types';

/**
 * Everything the frame shows; renewed by `invalidate('app:frame')` when something arrives, and by `app:late` while
 * background work is late.
 */
export const load: LayoutServerLoad = async ({ locals, cookies, depends }) => {
  depends('app:frame', 'app:late');
  const frame = await locals.api.home.frame();
  return { ...frame, sidebar: cookies.get('rapport_sidebar') === 'icons' ? 'icons' : 'full' };
};
