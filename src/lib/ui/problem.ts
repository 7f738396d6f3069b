export interface Problem {
  title: string;
  /** What to do about it. */
  advice: string;
}

/** An error page's words by HTTP status. Messages of the domain (below 500, but for 404) are shown as they are. */
export function problemFor(status: number, message?: string): Problem {
  if (status === 404) {
    return {
      title: 'Nothing here',
      advice:
        'There is no such page or record, or it is not among those you may see. Check the address, or ask the person who sent it to you.'
    };
  }
  if (status === 403) {
    return {
      title: 'Not yours to open',
      advice: `${sentence(message, 'You may not do this')} An administrator can change what your role allows.`
    };
  }
  if (status === 429) {
    return { title: 'Too fast', advice: 'Too many requests in a short time. Wait a minute, then go on.' };
  }
  if (status === 503) {
    return {
      title: 'Not available right now',
      advice: 'The database is away or overloaded. Nothing of what was saved is lost; try again in a minute.'
    };
  }
  if (status < 500) {
    return {
      title: 'This did not work',
      advice: `${sentence(message, 'The request could not be understood')} Go back and try again.`
    };
  }
  return {
    title: 'Something went wrong',
    advice: 'It is our fault, not yours. The last change may not be saved: look, then try again.'
  };
}

function sentence(message: string | undefined, otherwise: string): string {
  const words = (message ?? otherwise).trim();
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
