/** What Genesys signs with, and what the destination's credentials are. */
export const SECRET = "a-secret-of-the-simulation";
