import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

type Answer = (error?: Error | null) => void;

/**
 * What the server does with a connection: take its mail, or one of the ways to fail. Dropped after the mail, it was not
 * taken; with its answer lost, it was.
 */
export type Manner =
  | 'accept'
  | 'drop at once'
  | 'drop before the mail'
  | 'drop within the mail'
  | 'drop after the mail'
  | 'lose the answer'
  | 'hang after the mail'
  | { refuse: number; at: 'sender' | 'recipient' | 'mail' };

export interface TestSmtp {
  url: string;
  manner: Manner;
  /** Decides each connection instead of `manner`. */
  choose: (() => Manner | Promise<Manner>) | null;
  /** The raw messages taken, with their line ends. */
  readonly received: string[];
  /** How many messages came in whole, taken or not. */
  readonly seen: () => number;
  close: () => Promise<void>;
}

/** A real SMTP server on a free port of this machine. */
export async function startSmtp(): Promise<TestSmtp> {
  const sockets = new Map<number, Socket>();
  const manners = new Map<string, Manner>();
  const received: string[] = [];
  let seen = 0;
  const cut = ({ remotePort }: SMTPServerSession) => sockets.get(remotePort)?.destroy();
  const mannerOf = ({ id }: SMTPServerSession) => manners.get(id) ?? smtp.manner;
  const refusal = (session: SMTPServerSession, at: 'sender' | 'recipient' | 'mail') => {
    const manner = mannerOf(session);
    return typeof manner === 'object' && manner.at === at
      ? Object.assign(new Error('No thanks'), { responseCode: manner.refuse })
      : null;
  };

  const options: SMTPServerOptions = {
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onConnect: (session, answer) => {
      void Promise.resolve(smtp.choose?.() ?? smtp.manner).then((manner) => {
        manners.set(session.id, manner);
        if (manner === 'drop at once') cut(session);
        else answer();
      });
    },
    onClose: ({ id }) => manners.delete(id),
    onMailFrom: (_address, session, answer) => {
      if (mannerOf(session) === 'drop before the mail') return cut(session);
      answer(refusal(session, 'sender'));
    },
    onRcptTo: (_address, session, answer) => answer(refusal(session, 'recipient')),
    onData: (stream, session, answer: Answer) => {
      const parts: Buffer[] = [];
      const manner = mannerOf(session);
      stream.on('data', (part: Buffer) => {
        if (manner === 'drop within the mail') cut(session);
        parts.push(part);
      });
      stream.on('end', () => {
        seen += 1;
        if (manner === 'drop within the mail' || manner === 'drop after the mail') return cut(session);
        if (manner === 'hang after the mail') return;
        const refused = refusal(session, 'mail');
        if (!refused) received.push(Buffer.concat(parts).toString());
        if (manner === 'lose the answer') return cut(session);
        answer(refused);
      });
    }
  };

  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => {
      if (sockets.get(port) === socket) sockets.delete(port);
    });
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${port}`,
    manner: 'accept',
    choose: null,
    received,
    seen: () => seen,
    close: () => {
      for (const socket of sockets.values()) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    }
  };
  return smtp;
}
