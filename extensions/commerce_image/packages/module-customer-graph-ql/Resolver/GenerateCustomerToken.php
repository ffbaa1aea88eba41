<?php

declare(strict_types=1);

namespace Magento\CustomerGraphQl\Resolver;

use Magento\Framework\Exception\AuthenticationException;
use Magento\Framework\Exception\InputException;
use Magento\GraphQl\Exception\GraphQlException;
use Magento\GraphQl\Resolver\ResolverInterface;
use Magento\Integration\Api\CustomerTokenServiceInterface;

class GenerateCustomerToken implements ResolverInterface
{
    public function __construct(private readonly CustomerTokenServiceInterface $customerTokenService)
    {
    }

    public function resolve(array $arguments): ?array
    {
        foreach (['email', 'password'] as $name) {
            if (($arguments[$name] ?? '') === '') {
                throw new GraphQlException("Specify the \"$name\" value.");
            }
        }
        try {
            $token = $this->customerTokenService->createCustomerAccessToken(
                (string)$arguments['email'],
                (string)$arguments['password'],
            );
        } catch (AuthenticationException $error) {
            throw new GraphQlException($error->getMessage(), GraphQlException::AUTHENTICATION);
        } catch (InputException $error) {
            throw new GraphQlException($error->getMessage());
        }

        return ['token' => $token];
    }
}
