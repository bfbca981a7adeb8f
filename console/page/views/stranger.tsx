/** For a tab that was not opened by the address with the token. */
export function Stranger() {
  return (
    <main class="stranger">
      <h1>This console does not know you</h1>
      <p>
        Open the address that is printed where it was started: by <code>npm start</code>, or by{" "}
        <code>npm run genesys-dlq -- console</code>. Each start has an address of its own.
      </p>
    </main>
  );
}
