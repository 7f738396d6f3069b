import { text } from '@sveltejs/kit';

/** The process answers; /readyz tells whether it can do its work. */
export const GET = () => text('ok');
