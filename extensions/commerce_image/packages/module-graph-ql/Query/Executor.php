<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

use Magento\Framework\ObjectManagerInterface;
use Magento\GraphQl\Exception\GraphQlException;
use Magento\GraphQl\Resolver\ResolverInterface;

/**
 * Answers an operation, field by field.
 *
 * The errors of a resolver are the field's. That a resolver cannot even be created is nobody's error here, as on
 * the real Commerce: such a request ends on the error page.
 */
class Executor
{
    /**
     * @param array<string, class-string<ResolverInterface>> $resolvers `Query.name` or `Mutation.name` => resolver
     */
    public function __construct(
        private readonly ObjectManagerInterface $objectManager,
        private readonly array $resolvers = [],
    ) {
    }

    /**
     * @return array{errors?: list<array<string, mixed>>, data: array<string, mixed>}
     * @throws GraphQlException when something is asked for that does not exist
     */
    public function execute(Operation $operation): array
    {
        $errors = [];
        $data = [];
        foreach ($operation->fields as $field) {
            $class = $this->resolvers["$operation->type.$field->name"] ?? null;
            $resolver = $this->objectManager->get($class ?? throw $this->unknown($field, $operation->type));
            try {
                $value = $resolver->resolve($field->arguments);
                $data[$field->alias] = $value === null ? null : $this->select($value, $field);
            } catch (GraphQlException $error) {
                $data[$field->alias] = null;
                $errors[] = $this->describe($error, $field);
            }
        }

        return ($errors === [] ? [] : ['errors' => $errors]) + ['data' => $data];
    }

    /**
     * @param array<string, mixed> $value
     * @return array<string, mixed> what was asked for of it
     */
    private function select(array $value, Field $parent): array
    {
        $selected = [];
        foreach ($parent->fields as $field) {
            if (!array_key_exists($field->name, $value)) {
                throw $this->unknown($field, ucfirst($parent->name));
            }
            $child = $value[$field->name];
            $selected[$field->alias] = is_array($child) ? $this->select($child, $field) : $child;
        }

        return $selected;
    }

    /**
     * @return array<string, mixed>
     */
    private function describe(GraphQlException $error, Field $field): array
    {
        return [
            'message' => $error->getMessage(),
            'locations' => [['line' => $field->line, 'column' => $field->column]],
            'path' => [$field->alias],
            'extensions' => ['category' => $error->category],
        ];
    }

    private function unknown(Field $field, string $type): GraphQlException
    {
        return new GraphQlException(
            "Cannot query field \"$field->name\" on type \"$type\".",
            GraphQlException::SYNTAX,
        );
    }
}
