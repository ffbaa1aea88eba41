<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

/**
 * Makes what JSON can hold of a service method's result: an object's public properties in snake case, without nulls.
 */
class ServiceOutputProcessor
{
    public function process(mixed $result): mixed
    {
        if (!is_object($result)) {
            return $result;
        }
        $data = [];
        foreach (get_object_vars($result) as $name => $value) {
            if ($value !== null) {
                $data[strtolower(preg_replace('/[A-Z]/', '_$0', $name))] = $value;
            }
        }

        return $data;
    }
}
