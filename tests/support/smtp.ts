import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

type Answer = (error?: Error | null) => void;

/** What the server does with the next mails: take them, or one of the ways to fail. */
export type Manner =
  | 'accept'
  | 'drop before the mail'
  | 'drop after the mail'
  | 'hang after the mail'
  | { refuse: number; at: 'sender' | 'recipient' | 'mail' };

export interface TestSmtp {
  url: string;
  manner: Manner;
  /** The raw messages taken, with their line ends. */
  readonly received: string[];
  /** How many messages came in whole, taken or not. */
  readonly seen: () => number;
  close: () => Promise<void>;
}

/** A real SMTP server on a free port of this machine. */
export async function startSmtp(): Promise<TestSmtp> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  let seen = 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  const options: SMTPServerOptions = {
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onMailFrom: (_address, _session, answer) => {
      if (smtp.manner === 'drop before the mail') return cut();
      answer(refusal('sender'));
    },
    onRcptTo: (_address, _session, answer) => answer(refusal('recipient')),
    onData: (stream, _session, answer: Answer) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        seen += 1;
        if (smtp.manner === 'drop after the mail') return cut();
        if (smtp.manner === 'hang after the mail') return;
        const refused = refusal('mail');
        if (!refused) received.push(Buffer.concat(parts).toString());
        answer(refused);
      });
    }
  };
  const refusal = (at: 'sender' | 'recipient' | 'mail') =>
    typeof smtp.manner === 'object' && smtp.manner.at === at
      ? Object.assign(new Error('No thanks'), { responseCode: smtp.manner.refuse })
      : null;

  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${port}`,
    manner: 'accept',
    received,
    seen: () => seen,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(resolve));
    }
  };
  return smtp;
}
