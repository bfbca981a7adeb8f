import { shellText } from "./shell-text.ts";
import type { CompletedCommand } from "./tree.ts";

/**
 * A completion script for bash. It walks along the line to find the command, then offers subcommands and
 * options, or an option's values; where it has nothing to offer, bash offers files. No package of the command's name is
 * installed: the script makes it a function of the shell, and knows it behind `npx` too.
 *
 * @param command the file that runs it
 */
export function bashCompletion(tree: readonly CompletedCommand[], command: string): string {
  const name = tree[0]?.path ?? "";
  const id = name.replaceAll("-", "_");
  return `# bash completion of ${name}
command -v ${name} > /dev/null || ${name}() { ${shellText(command)} "$@"; }
_${id}_ids() { ${name} completion-ids 2> /dev/null; }
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
_${id}_npx() {
  if [[ \${COMP_WORDS[1]} != '${name}' ]] || ((COMP_CWORD < 2)); then COMPREPLY=(); return; fi
  COMP_WORDS=("\${COMP_WORDS[@]:1}"); ((COMP_CWORD--))
  _${id}
}
complete -o bashdefault -o default -F _${id}_npx npx
`;
}

function valueCases({ path, values, idOptions }: CompletedCommand): string[] {
  return Object.entries(values).map(([flag, choices]) => {
    if (idOptions.includes(flag)) return `    '${path} ${flag}') ${IDS}; return ;;`;
    const offer =
      choices.length === 0 ? "" : `COMPREPLY=($(compgen -W '${choices.join(" ")}' -- "$current")); `;
    return `    '${path} ${flag}') ${offer}return ;;`;
  });
}

const IDS = `COMPREPLY=($(compgen -W "$(_genesys_dlq_ids)" -- "$current"))`;

function wordCase({ path, words, options, takesId }: CompletedCommand): string {
  return `    '${path}')
      if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '${options.join(" ")}' -- "$current"))
      else ${takesId ? IDS : `COMPREPLY=($(compgen -W '${words.join(" ")}' -- "$current"))`}; fi ;;`;
}
