/** A mail as its reader sees it. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
}

/** Reads a raw message with a text and an HTML part, as a mail program would. */
export function readLetter(raw: string): Letter {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
  const parts = boundary ? body.split(`--${boundary}`).map(split) : [];
  const plain = parts.find((part) => part.headers['content-type']?.startsWith('text/plain'));
  return {
    to: /[^\s<>]+@[^\s<>]+/.exec(headers.to ?? '')?.[0] ?? '',
    subject: headerText(headers.subject ?? ''),
    text: plain ? decoded(plain.body, plain.headers['content-transfer-encoding']) : ''
  };
}

function split(entity: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = entity.replace(/^\r\n/, '').split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim()
    ])
  );
  return { headers, body: rest.join('\r\n\r\n') };
}

function decoded(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? quoted(body.replace(/=\r\n/g, '')) : body;
}

function headerText(value: string): string {
  return value
    .replace(/\?= +=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_word, encoding: string, text: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : quoted(text.replaceAll('_', ' '))
    );
}

const quoted = (text: string) =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1'
  ).toString();
