/**
 * What a person types to run the operator's command, anywhere in the checkout. Outside of one, npm says that there
 * is no such script, and does nothing: `npx genesys-dlq` would install whatever a stranger has published under that
 * name. A script that reads what is printed adds `-s`.
 */
export const GENESYS_DLQ = "npm run genesys-dlq --";

/** The same of the CDKTF command-line tool, which comes with the checkout too. */
export const CDKTF = "npm run cdktf --";
