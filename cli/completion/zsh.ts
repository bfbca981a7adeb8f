import { shellText } from "./shell-text.ts";
import type { CompletedCommand } from "./tree.ts";

/**
 * A completion script for zsh, to be sourced or to lie in a folder of `fpath`, under the name `_genesys-dlq`. It
 * works as bash's does.
 *
 * @param command the file that runs it
 */
export function zshCompletion(tree: readonly CompletedCommand[], command: string): string {
  const name = tree[0]?.path ?? "";
  return `#compdef ${name}
(( $+commands[${name}] + $+functions[${name}] )) || ${name}() { ${shellText(command)} "$@" }
_${name}_ids() { ${name} completion-ids 2> /dev/null }
_${name}() {
  local current=$words[CURRENT] previous=$words[CURRENT-1]
  local place='${name}' word
  for word in $words[2,CURRENT-1]; do
    case "$place $word" in
${tree
  .slice(1)
  .map(({ path }) => `      '${path}') place='${path}' ;;`)
  .join("\n")}
    esac
  done
  case "$place $previous" in
${tree.flatMap(valueCases).join("\n")}
  esac
  case $place in
${tree.map(wordCase).join("\n")}
  esac
}
_${name}_npx() {
  if [[ $words[2] != ${name} ]] || (( CURRENT < 3 )); then _files; return; fi
  shift words; (( CURRENT-- ))
  _${name}
}
compdef _${name} ${name}
compdef _${name}_npx npx
# In fpath, this file is what the first Tab calls.
if [[ $funcstack[1] == _${name} ]]; then _${name}; fi
`;
}

const IDS = "compadd -- $(_genesys-dlq_ids)";

function valueCases({ path, values, idOptions }: CompletedCommand): string[] {
  return Object.entries(values).map(([flag, choices]) => {
    if (idOptions.includes(flag)) return `    '${path} ${flag}') ${IDS}; return ;;`;
    const offer = choices.length === 0 ? "_files" : `compadd -- ${choices.join(" ")}`;
    return `    '${path} ${flag}') ${offer}; return ;;`;
  });
}

function wordCase({ path, words, options, takesId }: CompletedCommand): string {
  const offer = takesId ? IDS : words.length === 0 ? "_files" : `compadd -- ${words.join(" ")}`;
  return `    '${path}') if [[ $current == -* ]]; then compadd -- ${options.join(" ")}; else ${offer}; fi ;;`;
}
