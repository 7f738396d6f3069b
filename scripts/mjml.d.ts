declare module 'mjml' {
  interface Options {
    validationLevel?: 'strict' | 'soft' | 'skip';
    keepComments?: boolean;
    /** Web fonts by name; none are fetched with an empty object. */
    fonts?: Record<string, string>;
  }
  export default function mjml2html(
    input: string,
    options?: Options
  ): Promise<{ html: string; errors: { formattedMessage: string }[] }>;
}
