import type { CompletedCommand } from "./tree.ts";

/**
 * A completion script for bash. It walks along the line to find the command, then offers subcommands and
 * options, or an option's values; where it has nothing to offer, bash offers files.
 */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  const name = tree[0]?.path ?? "";
  const id = name.replaceAll("-", "_");
  return `# bash completion of ${name}
_${id}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local path='${name}' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
${tree
  .slice(1)
  .map(({ path }) => `      '${path}') path='${path}' ;;`)
  .join("\n")}
    esac
  done
  COMPREPLY=()
  case "$path $previous" in
${tree.flatMap(valueCases).join("\n")}
  esac
  case $path in
${tree.map(wordCase).join("\n")}
  esac
}
complete -o bashdefault -o default -F _${id} ${name}
`;
}

function valueCases({ path, values }: CompletedCommand): string[] {
  return Object.entries(values).map(([flag, choices]) => {
    const offer =
      choices.length === 0 ? "" : `COMPREPLY=($(compgen -W '${choices.join(" ")}' -- "$current")); `;
    return `    '${path} ${flag}') ${offer}return ;;`;
  });
}

function wordCase({ path, words, options }: CompletedCommand): string {
  return `    '${path}')
      if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '${options.join(" ")}' -- "$current"))
      else COMPREPLY=($(compgen -W '${words.join(" ")}' -- "$current")); fi ;;`;
}
