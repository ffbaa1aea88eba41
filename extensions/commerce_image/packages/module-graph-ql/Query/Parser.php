<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

use Magento\GraphQl\Exception\GraphQlException;

/**
 * Reads one operation: fields, aliases, arguments and variables. Fragments and directives are not understood.
 */
class Parser
{
    private const TYPES = ['query' => Operation::QUERY, 'mutation' => Operation::MUTATION];

    private int $position = 0;

    /**
     * @param list<Token> $tokens
     * @param array<string, mixed> $variables name => value
     */
    public function __construct(
        private readonly array $tokens,
        private array $variables,
    ) {
    }

    /**
     * @throws GraphQlException
     */
    public function parse(): Operation
    {
        $type = Operation::QUERY;
        if ($this->peek()?->kind === Token::NAME) {
            $keyword = $this->expect(Token::NAME)->text;
            $type = self::TYPES[$keyword] ?? throw $this->createError("Unexpected Name \"$keyword\".");
            if ($this->peek()?->kind === Token::NAME) {
                $this->expect(Token::NAME);
            }
            $this->readVariableDefinitions();
        }
        $operation = new Operation($type, $this->readFields());
        if ($this->peek() !== null) {
            throw $this->createError("Unexpected \"{$this->peek()->text}\".");
        }

        return $operation;
    }

    /**
     * The types are not looked at. A variable that was not sent has its default.
     */
    private function readVariableDefinitions(): void
    {
        if (!$this->accept('(')) {
            return;
        }
        while (!$this->accept(')')) {
            $name = $this->expect(Token::VARIABLE)->text;
            $this->expect(Token::PUNCTUATOR, ':');
            while ($this->accept('[')) {
                continue;
            }
            $this->expect(Token::NAME);
            while ($this->accept(']') || $this->accept('!')) {
                continue;
            }
            $default = $this->accept('=') ? $this->readValue() : null;
            $this->variables += [$name => $default];
        }
    }

    /**
     * @return list<Field>
     */
    private function readFields(): array
    {
        $this->expect(Token::PUNCTUATOR, '{');
        $fields = [];
        while (!$this->accept('}')) {
            $first = $this->expect(Token::NAME);
            $name = $this->accept(':') ? $this->expect(Token::NAME)->text : $first->text;
            $arguments = $this->accept('(') ? $this->readMembers(')') : [];
            $nested = $this->peek()?->text === '{' ? $this->readFields() : [];
            $fields[] = new Field($name, $first->text, $arguments, $nested, $first->line, $first->column);
        }

        return $fields;
    }

    /**
     * @return array<string, mixed> name => value
     */
    private function readMembers(string $end): array
    {
        $members = [];
        while (!$this->accept($end)) {
            $name = $this->expect(Token::NAME)->text;
            $this->expect(Token::PUNCTUATOR, ':');
            $members[$name] = $this->readValue();
        }

        return $members;
    }

    private function readValue(): mixed
    {
        if ($this->accept('{')) {
            return $this->readMembers('}');
        }
        if ($this->accept('[')) {
            $items = [];
            while (!$this->accept(']')) {
                $items[] = $this->readValue();
            }

            return $items;
        }
        $token = $this->expect(null);

        return match ($token->kind) {
            Token::VARIABLE => $this->variables[$token->text] ?? null,
            Token::STRING, Token::NUMBER => json_decode($token->text),
            Token::NAME => ['true' => true, 'false' => false, 'null' => null][$token->text] ?? $token->text,
            default => throw $this->createError("Unexpected \"$token->text\"."),
        };
    }

    private function peek(): ?Token
    {
        return $this->tokens[$this->position] ?? null;
    }

    private function accept(string $punctuator): bool
    {
        $isNext = $this->peek()?->kind === Token::PUNCTUATOR && $this->peek()->text === $punctuator;
        $this->position += (int)$isNext;

        return $isNext;
    }

    /**
     * @param string|null $kind null for any
     * @throws GraphQlException
     */
    private function expect(?string $kind, ?string $text = null): Token
    {
        $token = $this->peek() ?? throw $this->createError('Unexpected <EOF>');
        if (($kind ?? $token->kind) !== $token->kind || ($text ?? $token->text) !== $token->text) {
            throw $this->createError('Expected ' . ($text ?? $kind) . ", found \"$token->text\".");
        }
        $this->position++;

        return $token;
    }

    private function createError(string $message): GraphQlException
    {
        return new GraphQlException("Syntax Error: $message", GraphQlException::SYNTAX);
    }
}
