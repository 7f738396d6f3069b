import { getContext, setContext } from 'svelte';

/** What a Field tells the control inside it, so that pages never wire ids and descriptions by hand. */
export interface ControlContext {
  readonly id: string;
  readonly name: string | undefined;
  readonly required: boolean;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  /** What the form around it starts with. */
  readonly initial: unknown;
}

const key = Symbol('field');

export function provideControl(context: ControlContext): void {
  setContext(key, context);
}

export function useControl(): ControlContext | undefined {
  return getContext<ControlContext | undefined>(key);
}

/** Attributes of a control: what the page gave wins, the Field fills the rest. */
export function controlAttributes(field: ControlContext | undefined, own: { id?: string; name?: string }) {
  return {
    id: own.id ?? field?.id,
    name: own.name ?? field?.name,
    required: field?.required ? true : undefined,
    'aria-invalid': field?.invalid ? ('true' as const) : undefined,
    'aria-describedby': field?.describedBy
  };
}

/** The start value as text, for inputs; dates as the viewer's own time. */
export function initialText(field: ControlContext | undefined, localInput: (value: Date) => string): string {
  const value = field?.initial;
  if (value instanceof Date) return localInput(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
