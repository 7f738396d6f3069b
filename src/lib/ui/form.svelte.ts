import type * as z from 'zod';
import { fieldErrors, isRequired, readForm } from './form-data.ts';
import type { Typed } from './typed-values.ts';
import type { FieldProblem } from './ErrorSummary.svelte';

type Errors = Record<string, string[]>;

/** What the server answers to a refused form; see form.server.ts. */
export interface Refusal {
  action?: string;
  message?: string;
  fieldErrors?: Errors;
  values?: Typed;
  /** The row as it is now, when somebody else saved it first. */
  current?: Record<string, unknown>;
  /** What else the rule says, such as the clients that look the same. */
  details?: unknown;
}

/** One form on the screen: its values as they came, what is wrong with which field, and whether it was touched. */
export class FormState {
  errors = $state<Errors>({});
  message = $state<string | null>(null);
  current = $state.raw<Record<string, unknown> | null>(null);
  pending = $state(false);
  dirty = $state(false);
  /** Problems listed above the form; only after a submit, not while it is being filled in. */
  summary = $state.raw<FieldProblem[]>([]);
  /** Submits that left problems. */
  attempt = $state(0);
  /** Grows when the form starts again empty. */
  round = $state(0);

  readonly schema: z.ZodObject | undefined;
  /** What the ids of its controls begin with: a form in a dialog may have fields of the same name as the page's. */
  prefix = 'field';
  #values: Record<string, unknown>;
  /** The version that what was typed was typed over, when it comes from before the session ended. */
  version = $state<string | null>(null);
  readonly #labels: Record<string, string>;

  constructor(
    schema: z.ZodObject | undefined,
    values: Record<string, unknown>,
    refusal?: Refusal,
    labels: Record<string, string> = {}
  ) {
    this.#labels = { ...labels };
    this.schema = schema;
    this.#values = { ...values, ...refusal?.values };
    if (refusal) this.refuse(refusal);
  }

  /** The value a field starts with; dots reach into nested objects. */
  initial(name: string): unknown {
    if (name in this.#values) return this.#values[name];
    return name
      .split('.')
      .reduce<unknown>((value, part) => (value as Record<string, unknown> | null)?.[part], this.#values);
  }

  required(name: string): boolean {
    return isRequired(this.schema, name);
  }

  register(name: string, label: string): void {
    this.#labels[name] = label;
  }

  /** Labels by name, of the fields that stand in the form. */
  get labels(): Readonly<Record<string, string>> {
    return this.#labels;
  }

  /** Checks one field as it is left, by the rules of the server. An empty untouched field is left in peace. */
  leave(form: HTMLFormElement, name: string): void {
    if (!this.schema || !(name in this.#labels) || !this.dirty) return;
    const problems = this.#check(form)[name];
    this.errors = { ...this.errors, [name]: problems ?? [] };
    if (!problems) this.summary = this.summary.filter((problem) => problem.name !== name);
  }

  /** Checks everything before it is sent; false (with the problems shown) when it must not be. */
  allow(form: HTMLFormElement): boolean {
    this.message = null;
    this.current = null;
    this.errors = this.#check(form);
    this.#summarise();
    return Object.keys(this.errors).length === 0;
  }

  refuse(refusal: Refusal): void {
    this.errors = refusal.fieldErrors ?? {};
    this.message = refusal.message ?? null;
    this.current = refusal.current ?? null;
    this.#summarise();
  }

  done(): void {
    this.dirty = false;
    this.errors = {};
    this.message = null;
    this.current = null;
    this.summary = [];
  }

  restart(): void {
    this.round += 1;
  }

  /** Shows what was typed before the session ended, as not saved yet. */
  resume(values: Typed): void {
    this.#values = { ...this.#values, ...values };
    this.version = typeof values.version === 'string' ? values.version : null;
    this.dirty = true;
    this.restart();
  }

  #check(form: HTMLFormElement): Errors {
    if (!this.schema) return {};
    const result = this.schema.safeParse(readForm(this.schema, new FormData(form)), { reportInput: true });
    return result.success ? {} : fieldErrors(result.error);
  }

  #summarise(): void {
    this.summary = Object.entries(this.errors).flatMap(([name, [message]]) =>
      message ? [{ name, label: this.#labels[name] ?? nameInWords(name), message }] : []
    );
    if (this.message || this.summary.length > 0) this.attempt += 1;
  }
}

/** A field that has not said its label yet, since the page is still being written: `productId` is Product. */
function nameInWords(name: string): string {
  const words = (name.split('.').at(-1) ?? name)
    .replace(/Id$/, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
