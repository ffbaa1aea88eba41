<?php

declare(strict_types=1);

namespace Magento\GraphQl\Controller;

use Magento\Framework\App\FrontControllerInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\GraphQl\Exception\GraphQlException;
use Magento\GraphQl\Query\Executor;
use Magento\GraphQl\Query\Lexer;
use Magento\GraphQl\Query\Operation;
use Magento\GraphQl\Query\Parser;
use Magento\Store\Model\StoreManager;

/**
 * /graphql: the answer's status is 200, whatever the fields have come to.
 */
class GraphQl implements FrontControllerInterface
{
    private const STORE_HEADER = 'Store';

    public function __construct(
        private readonly Lexer $lexer,
        private readonly Executor $executor,
        private readonly StoreManager $storeManager,
    ) {
    }

    public function dispatch(Request $request): Response
    {
        try {
            $this->enterStore($request->getHeader(self::STORE_HEADER));
        } catch (NoSuchEntityException) {
            return $this->createErrorResponse(500, new GraphQlException('Requested store is not found'));
        }
        try {
            return Response::json(200, $this->executor->execute($this->readOperation($request)));
        } catch (GraphQlException $error) {
            return $this->createErrorResponse(200, $error);
        }
    }

    /**
     * @throws NoSuchEntityException
     */
    private function enterStore(string $code): void
    {
        if ($code !== '') {
            $this->storeManager->setCurrentStore($code);
        }
    }

    /**
     * @throws GraphQlException
     */
    private function readOperation(Request $request): Operation
    {
        $isGet = $request->getMethod() === 'GET';
        $sent = $isGet ? $this->readUrl($request) : json_decode($request->getBody(), true);
        $query = is_array($sent) ? $sent['query'] ?? null : null;
        if (!is_string($query) || $query === '') {
            throw new GraphQlException('Syntax Error: Unexpected <EOF>', GraphQlException::SYNTAX);
        }
        $operation = (new Parser($this->lexer->tokenize($query), (array)($sent['variables'] ?? [])))->parse();
        if ($isGet && $operation->type === Operation::MUTATION) {
            throw new GraphQlException('Mutation requests allowed only for POST requests');
        }

        return $operation;
    }

    /**
     * @return array{query: string|null, variables: mixed}
     */
    private function readUrl(Request $request): array
    {
        $variables = json_decode((string)$request->getQuery('variables'), true);

        return ['query' => $request->getQuery('query'), 'variables' => $variables];
    }

    private function createErrorResponse(int $status, GraphQlException $error): Response
    {
        $description = ['message' => $error->getMessage(), 'extensions' => ['category' => $error->category]];

        return Response::json($status, ['errors' => [$description]]);
    }
}
