<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * What was given is incomplete or wrong.
 */
class InputException extends LocalizedException
{
    private const REQUIRED_FIELD = '"%fieldName" is required. Enter and try again.';
    private const SEVERAL = 'One or more input exceptions have occurred.';

    /** @var list<LocalizedException> */
    private array $errors = [];

    /**
     * @param list<string> $fields at least one
     */
    public static function requiredFields(array $fields): self
    {
        $errors = array_map(
            fn (string $field): self => new self(self::REQUIRED_FIELD, ['fieldName' => $field]),
            $fields,
        );
        if (count($errors) === 1) {
            return $errors[0];
        }
        $exception = new self(self::SEVERAL);
        $exception->errors = $errors;

        return $exception;
    }

    /**
     * @return list<LocalizedException> empty when the exception's own text says it all
     */
    public function getErrors(): array
    {
        return $this->errors;
    }
}
