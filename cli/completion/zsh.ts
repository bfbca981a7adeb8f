import type { CompletedCommand } from "./tree.ts";

/**
 * A completion script for zsh, to be sourced or to lie in a folder of `fpath`, under the name `_genesys-dlq`. It
 * works as bash's does.
 */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  const name = tree[0]?.path ?? "";
  return `#compdef ${name}
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
compdef _${name} ${name}
# In fpath, this file is what the first Tab calls.
if [[ $funcstack[1] == _${name} ]]; then _${name}; fi
`;
}

function valueCases({ path, values }: CompletedCommand): string[] {
  return Object.entries(values).map(([flag, choices]) => {
    const offer = choices.length === 0 ? "_files" : `compadd -- ${choices.join(" ")}`;
    return `    '${path} ${flag}') ${offer}; return ;;`;
  });
}

function wordCase({ path, words, options }: CompletedCommand): string {
  const offer = words.length === 0 ? "_files" : `compadd -- ${words.join(" ")}`;
  return `    '${path}') if [[ $current == -* ]]; then compadd -- ${options.join(" ")}; else ${offer}; fi ;;`;
}
