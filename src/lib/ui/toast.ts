export interface ToastOptions {
  description?: string;
  /** Offered beside the words, for the few seconds they stay. */
  undo?: () => void;
  /** A link shown as the toast's button. */
  open?: { label: string; href: string };
}

type Kind = 'success' | 'error' | 'info' | 'warning';

// The library arrives with the first toast or shortly after the page, never with the first script.
const library = () => import('svelte-sonner');

async function show(kind: Kind, title: string, options: ToastOptions = {}) {
  const { toast } = await library();
  const { undo, open, description } = options;
  toast[kind](title, {
    description,
    duration: kind === 'error' ? 12_000 : 5_000,
    action: undo ? { label: 'Undo', onClick: undo } : open && link(open)
  });
}

function link({ label, href }: { label: string; href: string }) {
  return {
    label,
    onClick: () => {
      void import('$app/navigation').then(({ goto }) => goto(href));
    }
  };
}

/** Says what happened. Read out politely; errors stay longer and should say what to do. */
export const toast = {
  good: (title: string, options?: ToastOptions) => void show('success', title, options),
  bad: (title: string, options?: ToastOptions) => void show('error', title, options),
  info: (title: string, options?: ToastOptions) => void show('info', title, options),
  warn: (title: string, options?: ToastOptions) => void show('warning', title, options)
};
