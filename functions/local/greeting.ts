/** What a person who has just started the server needs to know, on standard error: standard output is for logs. */

export interface GreetingOptions {
  readonly url: string;
  readonly directory: string;
  /** undefined when the operator gave keys. */
  readonly generatedKey: string | undefined;
}

export function greeting({ url, directory, generatedKey }: GreetingOptions): string {
  const keyFile = `${directory}/key`;
  const key = generatedKey === undefined ? "$NEXUS_KEY" : `$(cat ${keyFile})`;
  return `
Memory Nexus is up:   ${url}
Documentation:        ${url}/docs
Data:                 ${directory}
Key:                  ${generatedKey === undefined ? "one of NEXUS_API_KEYS" : keyFile}

Try, in another terminal:

  npx nexus demo
  npx nexus remember --user me "The spare key is under the blue flower pot"
  npx nexus recall --user me "where did I leave the key?"

or without the CLI:

  say() { curl -s ${url}/api/process -H "Authorization: Bearer ${key}" \\
    -H "content-type: application/json" -d "{\\"userId\\":\\"me\\",\\"text\\":\\"$1\\"}"; echo; }
  say "The spare key is under the blue flower pot."
  say "Where is the spare key?"

Stop with Ctrl-C.
`;
}
