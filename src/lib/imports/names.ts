/** What names are matched by: letters and digits in lower case, without spaces and punctuation. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** Gives every person an address of his own, `first.last@domain`; a second one of the same spelling gets a number. */
export function addressBook(domain: string): (name: string) => string {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return (name) => {
    const existing = known.get(name);
    if (existing) return existing;
    const base = mailbox(name);
    let local = base;
    for (let number = 2; taken.has(local); number += 1) local = `${base}${number}`;
    taken.add(local);
    const address = `${local}@${domain}`;
    known.set(name, address);
    return address;
  };
}

function mailbox(name: string): string {
  const local = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
  return local || 'user';
}
